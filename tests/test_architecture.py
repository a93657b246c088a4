"""The floors hold: who imports whom, who commits, who knows HTTP."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CATALOG = Path(__file__).parent.parent / "catalog"
GROUND = {
    "access",
    "extensions",
    "clock",
    "decoding",
    "errors",
    "config",
    "counting",
    "limits",
    "logs",
    "metrics",
    "outages",
    "paper",
    "places",
    "readiness",
    "replica",
    "retention",
    "sheets",
    "turns",
    "wording",
    "workbook",
}
FLOORS = [
    "web",
    "accounts",
    "notices",
    "factors",
    "organisation",
    "competencies",
    "courses",
    "enrollment",
    "calendars",
    "browse",
    "following",
    "attendance",
    "checkin",
    "video",
    "disputes",
    "evaluation",
    "certificates",
    "records",
    "groups",
    "endorsement",
    "teaching",
    "coordinating",
    "reports",
    "watching",
    "privacy",
    "demo",
    "cli",
]
FILES = sorted(CATALOG.rglob("*.py"))
HTTP = {"request", "session", "g", "abort", "current_user"}


def name_of(path: Path) -> str:
    return path.relative_to(CATALOG.parent).with_suffix("").as_posix().replace("/", ".")


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "catalog":
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names if alias.name.split(".")[0] == "catalog")


def floor(module: str) -> int:
    """The floor of a module of ours: 0 for the ground, rising."""
    part = module.split(".")[1] if "." in module else ""
    return FLOORS.index(part) + 1 if part in FLOORS else 0


def test_every_part_has_its_floor() -> None:
    parts = {path.stem for path in CATALOG.iterdir() if not path.name.startswith("_")}
    assert parts == GROUND | set(FLOORS)


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.parent != CATALOG or p.stem != "__init__"], ids=name_of
)
def test_a_file_imports_only_from_floors_below(path: Path) -> None:
    mine = name_of(path)
    for module, node in imports(path):
        same = module.split(".")[1:2] == mine.split(".")[1:2]
        assert same or floor(module) < floor(mine) or floor(module) == 0, (
            f"{mine}:{node.lineno} imports {module}"
        )


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_import_hides_in_a_function(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{name_of(path)}:{hidden[0].lineno}" if hidden else ""


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_views_and_commands_commit(path: Path) -> None:
    edge = "views" in path.parts or path.stem == "views" or "cli" in path.parts or path.stem == "worker"
    if not edge:
        assert ".session.commit(" not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_views_know_the_request(path: Path) -> None:
    edge = "views" in path.parts or path.parent.name == "web" or path.stem in ("views", "access")
    used = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login")
        for alias in node.names
    }
    assert edge or not used & HTTP
