"""The site answers under its own names, and no link in a page or a letter is made from what a request says."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.config import ConfigError, Settings, read
from tests.factories import Cast


@pytest.mark.parametrize("host", ["localhost", "localhost:8105", "127.0.0.1:80", "[::1]:8000", "LOCALHOST"])
def test_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.org",
        "localhost.evil.example.org",
        "evil.example.org:80",
        "localhost@evil.example.org",
        "localhost:80@evil.example.org",
        "evil.example.org/localhost",
        "localhost/../evil",
        "localhost, evil.example.org",
        "127.0.0.1.nip.example.org",
        "",
        "[::1",
        "a b",
    ],
)
def test_another_name_is_refused(client: FlaskClient, host: str) -> None:
    for method in ("GET", "POST"):
        answer = client.open("/sign-in", method=method, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_what_watches_a_node_may_call_it_anything(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_the_way_that_a_proxy_says_is_believed_only_where_one_is_set(client: FlaskClient) -> None:
    answer = client.get(
        "/subscribe", headers={"X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "https"}
    )
    assert answer.status_code == 200
    assert "evil" not in answer.text
    assert "Strict-Transport-Security" not in answer.headers


def test_addresses_in_pages_are_those_of_the_settings(client: FlaskClient, settings: Settings) -> None:
    page = client.get("/subscribe", headers={"Host": "localhost:9999"}).text
    assert settings.site_url in page
    assert "9999" not in page


def test_letters_are_written_without_a_request(app: Flask, cast: Cast) -> None:
    """Their words are made by the worker, which knows no Host; nothing in their making reads a request."""
    found = [
        path
        for path in Path(app.root_path, "catalog").rglob("*.py")
        if path.stem in ("letters", "mail", "posting", "muting", "claims")
        if "url_root" in path.read_text()
        or "_external" in path.read_text()
        or "import request" in path.read_text()
    ]
    assert found == []


def test_no_code_makes_an_address_from_the_host(app: Flask) -> None:
    uses = [
        f"{path.name}: {word}"
        for path in Path(app.root_path, "catalog").rglob("*.py")
        for word in ("_external=True", "request.host_url", "request.base_url", "request.url)")
        if word in path.read_text()
    ]
    assert uses == []


@pytest.mark.parametrize("hosts", ["*", "http://a.example.org", "a.example.org/x", ".example.org", "a_b!"])
def test_names_that_are_none_stop_the_start(settings: Settings, hosts: str) -> None:
    with pytest.raises(ConfigError, match="TRUSTED_HOSTS"):
        read({"DEMO": "1", "TRUSTED_HOSTS": hosts}, Path("/srv/catalog/instance"))
