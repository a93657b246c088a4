"""The files of `deploy/` are read by the programs they are for, and say what they must."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog import config
from catalog.cli.serve import server_command
from catalog.config import Settings
from tests.engines import free_port
from tests.nodes import NGINX, configure_nginx, find

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCUMENT = ROOT / "docs" / "deploy.md"
UNITS = sorted(DEPLOY.joinpath("systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(DEPLOY.joinpath("compose.yaml").read_text())
    return read


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    program = find("nginx")
    if program is None:
        pytest.skip("nginx was not found; get it with: apt-get install nginx-light")
    configure_nginx(tmp_path, free_port(), free_port(), [free_port(), free_port()])
    words = [program, "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_as_the_documents_say_nginx_reads_its_pages_and_nobody_else_reads_secrets(tmp_path: Path) -> None:
    """Their very commands, in another place and by somebody whose new files are their own: nginx' workers are
    www-data, and enter only what is open to everybody; its master is root, and reads the key before it hands over."""
    said = [line[4:] for line in DOCUMENT.read_text().splitlines() if line.startswith("    ")]
    commands = [line for line in said if "/etc/catalog" in line and line.startswith("install ")]
    for folder in ("etc/nginx/conf.d", "root"):
        tmp_path.joinpath(folder).mkdir(parents=True)
    for name in ("fullchain.pem", "key.pem"):
        tmp_path.joinpath("root", name).write_text("")
    script = "\n".join(commands).replace("/srv/catalog/", f"{ROOT}/").replace("/etc/", f"{tmp_path}/etc/")
    subprocess.run(["sh", "-euc", f"umask 077\n{script}"], check=True, cwd=tmp_path / "root")
    ours = tmp_path / "etc" / "catalog"
    modes = {path.relative_to(ours).as_posix(): path.stat().st_mode & 0o777 for path in ours.rglob("*")}
    pages = {f"nginx/pages/{page.name}": 0o644 for page in NGINX.joinpath("pages").iterdir()}
    assert ours.stat().st_mode & 0o777 == 0o755
    assert modes == pages | {
        "environment": 0o600,
        "nginx": 0o755,
        "nginx/pages": 0o755,
        "nginx/site.inc": 0o644,
        "tls": 0o700,
        "tls/fullchain.pem": 0o600,
        "tls/key.pem": 0o600,
    }


def test_nginx_hands_on_no_header_by_which_a_stranger_could_pass_for_another() -> None:
    said = NGINX.joinpath("site.inc").read_text()
    assert "$proxy_add_x_forwarded_for" not in said
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Id", "Forwarded"):
        assert re.search(rf"proxy_set_header {name} (\$\w+|\"\");", said)


def test_nginx_sends_no_post_twice() -> None:
    said = NGINX.joinpath("site.inc").read_text()
    assert "proxy_next_upstream error timeout;" in said
    assert "non_idempotent" not in said


def test_a_node_never_hangs_up_before_nginx_does(settings: Settings) -> None:
    command = server_command(settings)
    kept = int(command[command.index("--keep-alive") + 1])
    nginx = re.search(r"keepalive_timeout (\d+)s;\n}", NGINX.joinpath("catalog.conf").read_text())
    assert nginx
    assert int(nginx[1]) < kept


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """As they are, but for the folder of the release, which is not on this machine."""
    for name in (".venv/bin/flask", "deploy/backup"):
        program = tmp_path / "srv" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    copies = []
    for unit in UNITS:
        copies.append(tmp_path / unit.name)
        copies[-1].write_text(unit.read_text().replace("/srv/catalog", str(tmp_path / "srv")))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, copies)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if line.startswith(("catalog-", str(tmp_path)))]
    assert said == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_as_somebody_without_rights(unit: Path) -> None:
    said = unit.read_text().splitlines()
    for line in (
        "User=catalog",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "SystemCallFilter=@system-service",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    ):
        assert line in said


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_calls_a_command_that_there_is(unit: Path, app: Any) -> None:
    for name in re.findall(r"--app wsgi catalog ([a-z-]+)", unit.read_text()):
        assert name in app.cli.commands["catalog"].commands


def test_the_documents_run_a_command_by_hand_as_the_units_run_theirs() -> None:
    """Without INSTANCE a restore would fill a file in the folder of the release, which nobody reads."""
    text = DOCUMENT.read_text()
    commands = [line for line in text.replace("\\\n", "").splitlines() if line.startswith("    systemd-run ")]
    assert any("/srv/catalog/deploy/restore /var/backups/catalog --overwrite" in line for line in commands)
    said = UNITS[0].read_text()
    for line in commands:
        assert " --uid catalog " in line
        for name in ("EnvironmentFile", "WorkingDirectory"):
            assert f" -p {name}={_told(said, name)} " in line
        assert f" -E {_told(said, 'Environment').split()[0]} " in line
    assert not re.search(r"^    (\S*/)?(deploy/restore|deploy/backup) |`deploy/restore /", text, re.MULTILINE)


def _told(unit: str, name: str) -> str:
    found = re.search(rf"^{name}=(.+)$", unit, re.MULTILINE)
    assert found, name
    return found[1]


def test_compose_pins_every_image_and_checks_every_health(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if "build" not in service:
            assert re.fullmatch(r"[a-z]+:\d+\.\d+\.?\d*-bookworm", service["image"]), name
        assert name == "prepare" or service["healthcheck"]["test"], name


def test_compose_takes_a_database_for_ready_only_when_others_can_reach_it(compose: dict[str, Any]) -> None:
    for name in ("primary", "replica"):
        test = compose["services"][name]["healthcheck"]["test"]
        assert test[test.index("-h") + 1] == "127.0.0.1"


def test_compose_gives_nobody_rights_and_opens_nothing_but_nginx(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("ports" in service) == (name == "nginx")
        is_ours = "build" in service
        assert is_ours or name == "nginx" or service["user"] in ("postgres", "redis"), name
    assert compose["networks"]["inside"] == {"internal": True}


def test_compose_holds_two_nodes_a_worker_a_replica_and_redis(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) >= {"nginx", "app1", "app2", "worker", "primary", "replica", "redis"}
    told = compose["services"]["app1"]["environment"]
    assert told["DATABASE_URL"] != told["DATABASE_REPLICA_URL"]
    assert told["PROXIES"] == "1"


def test_compose_asks_for_every_secret_and_the_example_names_them_all() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?\}", DEPLOY.joinpath("compose.yaml").read_text()))
    named = dict(
        line.split("=", 1)
        for line in DEPLOY.joinpath("compose.env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert asked == set(named)
    assert not any(value for name, value in named.items() if name.endswith(("PASSWORD", "_KEY")))


def filled(text: str, given: dict[str, str]) -> str:
    """As compose fills it in: what must be given is, and what may be is empty or has its default."""
    text = re.sub(r"\$\{([A-Z_]+):\?\}", lambda found: given[found[1]], text)
    return re.sub(r"\$\{([A-Z_]+):-([^}]*)\}", lambda found: given.get(found[1]) or found[2], text)


GIVEN = {
    "SITE_URL": "https://learning.example.org",
    "MAIL_URL": "smtp://mail.example.org",
    "MAIL_FROM": "learning@example.org",
    **dict.fromkeys(
        ("SECRET_KEY", "DATABASE_PASSWORD", "REDIS_PASSWORD"), "0123456789abcdefghijklmnopqrstuv"
    ),
}


def taken(compose: dict[str, Any], folder: Path, **more: str) -> Settings:
    told = compose["services"]["app1"]["environment"]
    return config.read({name: filled(value, GIVEN | more) for name, value in told.items()}, folder)


def test_the_settings_that_compose_gives_are_taken(compose: dict[str, Any], tmp_path: Path) -> None:
    settings = taken(compose, tmp_path)
    assert settings.replica_url
    assert settings.redis_url
    assert (settings.proxies, settings.workers, settings.threads) == (1, 2, 8)
    assert (settings.state, settings.site_zone, settings.organisation) == ("AL", "America/Chicago", None)


def test_compose_hands_on_what_somebody_wrote_beside_the_secrets(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    secret = "a-secret-of-more-than-thirty-two-characters"
    settings = taken(
        compose,
        tmp_path,
        STATE="GA",
        SITE_NAME="Peach State Learning",
        SITE_ZONE="America/New_York",
        ASSOCIATION="Georgia's Association",
        RETENTION="letters=500 audit=3650",
        METRICS_TOKEN=secret,
        BOUNCE_SECRET=secret,
        OIDC_ISSUER="https://login.example.org",
        OIDC_CLIENT_ID="catalog",
        OIDC_CLIENT_SECRET=secret,
        OIDC_NAME="Example",
        WORKERS="4",
    )
    assert (settings.state, settings.site_name) == ("GA", "Peach State Learning")
    assert (settings.site_zone, settings.association) == ("America/New_York", "Georgia's Association")
    assert (settings.metrics_token, settings.bounce_secret) == (secret, secret)
    assert settings.organisation
    assert settings.organisation.client_id == "catalog"
    assert (
        settings.retention
        == config.read({"DEMO": "1", "RETENTION": "letters=500 audit=3650"}, tmp_path).retention
    )
    assert settings.workers == 4


NOT_FOR_COMPOSE = {"DEMO", "HOST", "PORT", "HTMX_SOURCE"}
"""The image listens where the others look for it, holds real people, and has no place for a copy of htmx."""


def test_compose_hands_on_every_setting_and_the_example_names_those_that_may_be_set(
    compose: dict[str, Any],
) -> None:
    table = re.findall(r"^\| `[A-Z].*$", ROOT.joinpath("README.md").read_text(), re.MULTILINE)
    settings = set(re.findall(r"`([A-Z][A-Z_]{3,})[`=]", "\n".join(table)))
    assert set(compose["services"]["worker"]["environment"]) == settings - NOT_FOR_COMPOSE
    optional = set(re.findall(r"\$\{([A-Z_]+):-", DEPLOY.joinpath("compose.yaml").read_text()))
    example = DEPLOY.joinpath("compose.env.example").read_text()
    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) == optional


def test_what_the_example_shows_of_each_setting_is_taken(compose: dict[str, Any], tmp_path: Path) -> None:
    example = DEPLOY.joinpath("compose.env.example").read_text()
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE))
    secrets = {name for name, value in shown.items() if not value}
    assert secrets == {"OIDC_CLIENT_SECRET", "BOUNCE_SECRET", "METRICS_TOKEN"}
    assert taken(compose, tmp_path, **(shown | dict.fromkeys(secrets, GIVEN["SECRET_KEY"]))).state == "GA"


def test_the_image_has_all_that_runs_and_nobody_in_it_is_root() -> None:
    said = DEPLOY.joinpath("Dockerfile").read_text()
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-slim-bookworm$", said, re.MULTILINE)
    assert said.index("\nUSER catalog\n") < said.index("\nENTRYPOINT ")
    for name in (
        "wsgi.py",
        "gathering.py",
        "lines.py",
        "catalog",
        "data",
        "migrations",
        "static",
        "templates",
        "deploy/backup",
    ):
        assert re.search(rf"^COPY (.* )?{re.escape(name)}( |$)", said, re.MULTILINE), name
    wanted = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())["project"]["requires-python"]
    assert wanted == ">=3.11"


@pytest.mark.parametrize(
    "script", ["backup", "restore", "postgres/follow.sh", "postgres/allow-replication.sh"]
)
def test_a_script_is_one_that_a_shell_reads(script: str) -> None:
    assert DEPLOY.joinpath(script).stat().st_mode & 0o111
    subprocess.run(["sh", "-n", str(DEPLOY / script)], check=True)
