"""What the environment may say, and the one sentence that stops the start when it says something else."""

from pathlib import Path

import pytest

from catalog.config import DEVELOPMENT_KEY, ConfigError, MailFolder, MailServer, Settings, read

KEY = "0123456789abcdefghijklmnopqrstuv"
REAL = {"SECRET_KEY": KEY, "MAIL_URL": "smtps://mail.example.org", "MAIL_FROM": "learning@example.org"}
SECRET = "hunter2-hunter2"  # in every value below that carries a password
HOME = Path("/srv/catalog/instance")


def demo(**environ: str) -> Settings:
    return read({"DEMO": "1"} | environ, HOME)


def real(**environ: str) -> Settings:
    return read(REAL | environ, HOME)


def refusal(**environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(environ, HOME)
    return refused.value.format_message()


def test_the_demo_needs_nothing_but_its_name() -> None:
    settings = demo()
    assert (settings.demo, settings.host, settings.port) == (True, "127.0.0.1", 8000)
    assert settings.database_url == "sqlite:////srv/catalog/instance/catalog.db"
    assert settings.secret_key == DEVELOPMENT_KEY
    assert settings.mail == MailFolder(HOME / "mail")
    assert (settings.site_name, settings.site_url) == ("Early Years Learning", "http://127.0.0.1:8000")
    assert (settings.site_zone, settings.state) == ("America/Chicago", "AL")
    assert settings.association == "First 5 Alabama"
    assert (settings.workers, settings.threads, settings.proxies) == (2, 8, 0)
    assert (settings.htmx_source, settings.browse_refresh_seconds) == ("cdn", 10)


def test_nobody_gets_the_demo_without_asking_for_it() -> None:
    assert real().demo is False


@pytest.mark.parametrize(
    "name", ["PORT", "HOST", "DATABASE_URL", "SITE_NAME", "SITE_URL", "MAIL_URL", "HTMX_SOURCE"]
)
def test_an_empty_variable_counts_as_unset(name: str) -> None:
    assert demo(**{name: " "}) == demo()


@pytest.mark.parametrize(
    ("word", "truth"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("no", False)]
)
def test_yes_and_no_have_three_spellings_each(word: str, truth: bool) -> None:
    assert real(DEMO=word).demo is truth


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://ann@db/catalog", "postgresql+psycopg://ann@db/catalog"),
        ("postgresql://ann:p%40ss@db:6432/catalog", "postgresql+psycopg://ann:p%40ss@db:6432/catalog"),
        ("postgresql+psycopg:///catalog?host=/run/pg", "postgresql+psycopg:///catalog?host=%2Frun%2Fpg"),
        ("sqlite:///other.db", "sqlite:////srv/catalog/instance/other.db"),
        ("sqlite:////tmp/other.db", "sqlite:////tmp/other.db"),
    ],
)
def test_a_database_url_becomes_the_form_that_the_driver_wants(given: str, used: str) -> None:
    assert demo(DATABASE_URL=given).database_url == used


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("file:outbox", MailFolder(HOME / "outbox")),
        ("file:///var/mail/out%20box", MailFolder(Path("/var/mail/out box"))),
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "plain")),
        ("smtps://ann:p%40ss@mail.example.org", MailServer("mail.example.org", 465, "tls", "ann", "p@ss")),
        (
            "smtp+starttls://a:b@mail.example.org:2525",
            MailServer("mail.example.org", 2525, "starttls", "a", "b"),
        ),
        ("smtp://a:b@localhost", MailServer("localhost", 25, "plain", "a", "b")),
    ],
)
def test_mail_goes_to_a_folder_or_to_a_server(given: str, used: MailFolder | MailServer) -> None:
    assert demo(MAIL_URL=given).mail == used


@pytest.mark.parametrize(
    ("environ", "used"),
    [
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://localhost:80"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"SITE_URL": "https://learning.example.org/"}, "https://learning.example.org"),
    ],
)
def test_the_sites_address_is_one_that_a_browser_can_go_to(environ: dict[str, str], used: str) -> None:
    assert demo(**environ).site_url == used


def test_a_sender_may_have_a_name() -> None:
    assert demo(MAIL_FROM="Early Years <hello@example.org>").mail_from == "Early Years <hello@example.org>"


@pytest.mark.parametrize(
    ("address", "secure"), [("https://a.example.org", True), ("http://a.example.org", False)]
)
def test_cookies_are_kept_to_https_where_the_site_has_it(address: str, secure: bool) -> None:
    config = real(SITE_URL=address).flask_config()
    assert config["SESSION_COOKIE_SECURE"] is config["REMEMBER_COOKIE_SECURE"] is secure
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_flask_learns_the_key_the_database_and_the_settings_themselves() -> None:
    settings = real()
    config = settings.flask_config()
    assert config["CATALOG"] is settings
    assert (config["SECRET_KEY"], config["SQLALCHEMY_DATABASE_URI"]) == (KEY, settings.database_url)
    assert config["WTF_CSRF_TIME_LIMIT"] is None


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DEMO", "maybe", "neither yes nor no"),
        ("PORT", "eighty", "from 1 to 65535"),
        ("PORT", "80\n90", "from 1 to 65535"),
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "65536", "from 1 to 65535"),
        ("PORT", "8_000", "from 1 to 65535"),
        ("PORT", "٨٠٠٠", "from 1 to 65535"),
        ("HOST", "http://0.0.0.0", "to listen on"),
        ("PROXIES", "6", "from 0 to 5"),
        ("PROXIES", "-1", "from 0 to 5"),
        ("WORKERS", "0", "from 1 to 64"),
        ("THREADS", "many", "from 1 to 64"),
        ("BROWSE_REFRESH_SECONDS", "3601", "from 0 to 3600"),
        ("SITE_NAME", "two\nlines", "one line"),
        ("SITE_NAME", "x" * 81, "at most 80"),
        ("ASSOCIATION", "a\tb", "one line"),
        ("STATE", "Alabama", "two letters"),
        ("SITE_ZONE", "America/Birmingham", "no time zone"),
        ("SITE_ZONE", "America", "no time zone"),
        ("SITE_ZONE", "../etc/passwd", "no time zone"),
        ("SITE_URL", "learning.example.org", "not an absolute"),
        ("SITE_URL", "ftp://learning.example.org", "not an absolute"),
        ("SITE_URL", "https://example.org/learning", "without a path"),
        ("SITE_URL", "https://example.org?x=1", "without a path"),
        ("SITE_URL", "https://example.org:https", "cannot be read"),
        ("SITE_URL", f"https://ann:{SECRET}@example.org", "not an absolute"),
        ("HTMX_SOURCE", "vendor", "use cdn, or local"),
        ("SECRET_KEY", SECRET, "too short"),
        ("DATABASE_URL", f"{SECRET}", "cannot be read"),
        ("DATABASE_URL", f"postgresql://ann:{SECRET}@db:port/catalog", "cannot be read"),
        ("DATABASE_URL", f"postgresql://ann:{SECRET}@db", "names no database"),
        ("DATABASE_URL", f"postgresql+psycopg2://ann:{SECRET}@db/catalog", "not supported"),
        ("DATABASE_URL", f"mysql://ann:{SECRET}@db/catalog", "not supported"),
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("DATABASE_URL", "sqlite:///file:catalog?uri=true", "must name a file"),
        ("DATABASE_URL", "sqlite:////no/such/folder/catalog.db", "not a folder"),
        ("MAIL_URL", "mail.example.org", "not an address that mail can be sent to"),
        ("MAIL_URL", "smtp://", "not an address that mail can be sent to"),
        ("MAIL_URL", "file:", "not an address that mail can be sent to"),
        ("MAIL_URL", "file://server/folder", "not an address that mail can be sent to"),
        ("MAIL_URL", f"smtps://ann:{SECRET}@mail.example.org:tls", "cannot be read"),
        (
            "MAIL_URL",
            f"smtps://ann:{SECRET}@mail.example.org/inbox",
            "not an address that mail can be sent to",
        ),
        ("MAIL_URL", f"smtp://ann:{SECRET}@mail.example.org", "unencrypted"),
        ("MAIL_FROM", "nobody", "not a mail address"),
        ("MAIL_FROM", "ann@example.org\nBcc: all@example.org", "MAIL_FROM"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_one_sentence_that_names_it(
    name: str, value: str, reason: str
) -> None:
    sentence = refusal(**({"DEMO": "1"} | {name: value}))
    assert sentence.startswith(name)
    assert reason in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert SECRET not in sentence


@pytest.mark.parametrize("name", ["SECRET_KEY", "MAIL_URL", "MAIL_FROM"])
def test_a_real_site_has_to_be_told_what_the_demo_makes_up(name: str) -> None:
    sentence = refusal(**{other: value for other, value in REAL.items() if other != name})
    assert sentence.startswith(f"{name} is not set")


def test_the_development_key_is_refused_outside_the_demo() -> None:
    sentence = refusal(**REAL | {"SECRET_KEY": DEVELOPMENT_KEY})
    assert sentence.startswith("SECRET_KEY is the development key")
    assert DEVELOPMENT_KEY not in sentence


def test_settings_never_show_a_secret() -> None:
    settings = real(
        DATABASE_URL=f"postgresql://ann:{SECRET}@db/catalog",
        MAIL_URL=f"smtps://ann:{SECRET}@mail.example.org",
    )
    assert SECRET not in repr(settings)
    assert KEY not in repr(settings)


ORGANISATION = {
    "OIDC_ISSUER": "https://id.example.org/realm",
    "OIDC_CLIENT_ID": "catalog",
    "OIDC_CLIENT_SECRET": SECRET,
    "OIDC_NAME": "The University",
}


def test_a_second_step_is_required_unless_it_is_only_offered() -> None:
    assert real().second_factor == "required"
    assert real(SECOND_FACTOR="offered").second_factor == "offered"
    assert demo().second_factor == "offered"
    assert "SECOND_FACTOR is “maybe”" in refusal(**REAL, SECOND_FACTOR="maybe")


def test_people_come_through_an_organisation_where_one_is_named() -> None:
    assert real().organisation is None
    organisation = real(**ORGANISATION).organisation
    assert organisation is not None
    assert (organisation.issuer, organisation.name) == ("https://id.example.org/realm", "The University")
    assert organisation.vouches_for_factor is False
    assert SECRET not in repr(organisation)


@pytest.mark.parametrize("missing", ORGANISATION)
def test_an_organisation_is_named_whole_or_not_at_all(missing: str) -> None:
    some = {name: value for name, value in ORGANISATION.items() if name != missing}
    sentence = refusal(**REAL, **some)
    assert sentence.startswith(f"{missing} must be set, too")
    assert SECRET not in sentence


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example.org",
        "id.example.org",
        "https://",
        "https://user@id.example.org",
        "https://id.example.org/?x=1",
    ],
)
def test_a_sign_in_is_trusted_to_safe_addresses_only(issuer: str) -> None:
    assert "OIDC_ISSUER" in refusal(**REAL, **(ORGANISATION | {"OIDC_ISSUER": issuer}))


def test_on_this_machine_a_provider_may_be_without_encryption() -> None:
    assert real(**(ORGANISATION | {"OIDC_ISSUER": "http://127.0.0.1:8080"})).organisation is not None
