"""`make bench SIZE=large`: what pages cost as a catalog on PostgreSQL grows tenfold, and tenfold again.

Catalogs of 50,000, 500,000 and 5,000,000 enrollments (see `bench.large`) are made one after the other, each page is
asked of the application itself, in turn with the floor on the same database, and an enrollment with the floor's two
statements. What was measured is written as JSON, as a Markdown table and, by `bench.drawing`, as the picture in the
README."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask

from bench import databases, drawing, sample
from bench.asks import FORM, Ask, Asks, Row, rows
from bench.build import Built
from bench.floor import create_floor
from bench.large import COORDINATOR, LEARNER, build_large, roster_of_500
from bench.readiness import bring_along
from bench.servers import environ
from catalog import config, create_app
from catalog.extensions import db, writing
from tests.engines import stopping_cleanly

SESSIONS = (1_000, 10_000, 100_000)
PAIRS, ENROLLMENTS_EACH = 4_000, 50
SLOW = 1_000
"""Milliseconds."""
Asking = Callable[[], None]


def main(words: list[str]) -> int:
    options = _options(words)
    if absent := databases.why_absent(databases.POSTGRESQL):
        print(absent)
        return 0
    found: list[dict[str, Any]] = []
    with stopping_cleanly(), tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        os.environ["INSTANCE"] = name
        with databases.opened(databases.POSTGRESQL, Path(name)) as create:
            for sessions in options.sessions:
                url = create(str(sessions))
                app = create_app(config.read(environ(url, Path(name)), Path(name)))
                began = time.perf_counter()
                built = build_large(app, sessions, PAIRS)
                print(f"{sessions:,} sessions were made in {time.perf_counter() - began:.0f} s", flush=True)
                found += measured(app, url, built, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.svg:
        options.svg.write_text(drawing.svg(found), encoding="utf-8")
    print("\n" + table(found))
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.growth", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--sessions", type=lambda text: [int(part) for part in text.split(",")], default=SESSIONS
    )
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the picture there")
    return parser.parse_args(words)


def measured(app: Flask, url: str, built: Built, rounds: int) -> list[dict[str, Any]]:
    with app.app_context():
        writing.set(True)
        goal_id = bring_along(300, built.size)
        db.session.commit()
        db.session.remove()
    floor = create_floor(url)
    lines = []
    for title, page, bare in _asks(app, floor, built, goal_id):
        first = [_timed(page) for _ in range(2)]
        # What takes seconds is asked a few times only.
        many = rounds if first[-1] < SLOW else 3
        pairs = [(_timed(bare), _timed(page)) for _ in range(many + 1)][1:]
        lines.append(_line(title, built.size, pairs))
        print(f"  {title}: {lines[-1]['p50']:.1f} ms, {lines[-1]['ratio']:.2f} of the floor", flush=True)
    with app.app_context():
        db.engine.dispose()
    return lines


def _timed(ask: Asking) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _line(title: str, sessions: int, pairs: list[tuple[float, float]]) -> dict[str, Any]:
    bare, page = (sorted(times) for times in zip(*pairs, strict=True))
    late = min(len(page) - 1, round(0.99 * len(page)))
    return {
        "title": title,
        "enrollments": sessions * ENROLLMENTS_EACH,
        "p50": median(page),
        "p99": page[late],
        "floor_p50": median(bare),
        "floor_p99": bare[late],
        "ratio": median(bare) / median(page),
    }


def _asks(app: Flask, floor: Flask, built: Built, goal_id: int) -> Iterator[tuple[str, Asking, Asking]]:
    """Each page beside its floor: a page of 25 rows, or a course."""
    course = f"/courses/{built.courses // 2}"
    pages = {
        "Catalog": ("/", 0, "/"),
        "Search, a common word": (f"/?q={sample.COMMON_WORD}", 0, "/"),
        "Search, a rare word": ("/?q=part+77", 0, "/"),
        "Search, no hit": ("/?q=zzyzx", 0, "/"),
        "Course page": (course, 0, course),
        "Readiness, 300 entries": (f"/goal/{goal_id}", LEARNER, course),
        "Roster of 500": (f"/offerings/{roster_of_500(built)}/roster", COORDINATOR, "/"),
        "Coordinator's desk": ("/desk", COORDINATOR, "/"),
        "Mail": ("/mail", COORDINATOR, "/"),
    }
    for title, (path, person, bare) in pages.items():
        cookie = {"Cookie": f"sign_in={sample.token(person)}"} if person else {}
        yield title, _asker(app, Ask(path, cookie)), _asker(floor, Ask(bare))
    for row in rows(app, built):
        if row.writes:
            title = "Enrollment, one session" if row.name == "hot" else "Enrollment, many sessions"
            yield title, _poster(app, row, row.page), _poster(floor, row, row.floor)


def _asker(app: Flask, ask: Ask, status: int = 200) -> Asking:
    client = app.test_client(use_cookies=False)

    def asking() -> None:
        kind = None if ask.form is None else FORM
        answer = client.open(
            ask.path, method=ask.method, headers=ask.headers, data=ask.body, content_type=kind
        )
        if answer.status_code != status:
            raise RuntimeError(f"{ask.path} answered {answer.status_code}")

    return asking


def _poster(app: Flask, row: Row, asks: Asks) -> Asking:
    """Each one is sent once, so it is made anew each time."""

    def posting() -> None:
        _asker(app, asks(1)[0], row.status)()

    return posting


def table(found: list[dict[str, Any]]) -> str:
    """A line for each page: the median at each size, and beside the floor at the largest."""
    sizes = sorted({line["enrollments"] for line in found})
    head = " | ".join(f"{size:,}" for size in sizes)
    rule = "|---|" + "--:|" * (len(sizes) + 3)
    lines = [f"| What, median ms | {head} | of its floor | p99 ms | floor's p99 ms |", rule]
    for title in dict.fromkeys(line["title"] for line in found):
        own = {line["enrollments"]: line for line in found if line["title"] == title}
        last = own[sizes[-1]]
        medians = " | ".join(f"{own[size]['p50']:.1f}" for size in sizes)
        rest = f"{last['ratio']:.2f} | {last['p99']:.1f} | {last['floor_p99']:.1f}"
        lines.append(f"| {title} | {medians} | {rest} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
