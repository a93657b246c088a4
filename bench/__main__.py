"""`python -m bench`: how fast the catalog is, beside a bare page and a bare query on the same database.

Builds catalogs of several sizes on both databases, starts the catalog and the floor as real servers, measures them
in turn and prints a Markdown table for each. Nothing is left behind. A wrong answer ends the run with status 1; an
aim that is missed is said, and is no failure."""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import databases, table
from bench.load import Load, Outcome, run
from bench.measuring import Measuring
from bench.rounds import Failed, Pace, Run
from bench.table import Line
from tests.engines import stopping_cleanly

ROWS = ("catalog", "filtered", "words", "course", "hot", "spread", "writers")


def main(words: list[str]) -> int:
    options = _options(words)
    told: list[dict[str, Any]] = []
    with stopping_cleanly(), tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        folder = Path(name)
        os.environ["INSTANCE"] = name
        # A fresh interpreter: the clients must not share a lock with anything here.
        clients = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        with clients:

            def run_apart(load: Load) -> Outcome:
                return clients.submit(run, load).result()

            try:
                for database in options.databases:
                    told += _on(database, options, folder, run_apart)
            except Failed as failure:
                print(f"\n{failure}", file=sys.stderr)
                return 1
    if options.json:
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def _on(database: str, options: argparse.Namespace, folder: Path, run: Run) -> list[dict[str, Any]]:
    """Every size on one database."""
    if absent := databases.why_absent(database):
        print(absent)
        return []
    told = []
    pace = Pace(options.seconds, options.connections)
    with databases.opened(database, folder) as create:
        for size in options.sizes:
            url = create(str(size))
            measuring = Measuring(url, size, folder, pace=pace, only=options.only, run=run)
            print(
                f"\n### {databases.version(url)}, {size:,} sessions\n\n{table.HEAD}\n{table.RULE}", flush=True
            )
            lines = []
            for line in measuring.lines():
                print(line.text(), flush=True)
                lines.append(line)
            told += [_plain(line, database, size) for line in lines]
            missed = [miss for line in lines for miss in line.misses()]
            print("\n" + "\n".join(measuring.said + [f"Missed: {miss}." for miss in missed]), flush=True)
    return told


def _plain(line: Line, database: str, size: int) -> dict[str, Any]:
    return {
        "database": database,
        "size": size,
        "row": line.row.name,
        **asdict(line.measured),
        **line.counted._asdict(),
    }


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--sizes", type=_numbers, default=[2_000, 100_000], help="how many sessions: 2000,100000"
    )
    parser.add_argument("--databases", type=_some_of(tuple(databases.NAMES)), default=[*databases.NAMES])
    parser.add_argument("--only", type=_some_of(ROWS), default=[*ROWS], help=f"some of {','.join(ROWS)}")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each of the rounds takes")
    parser.add_argument("--connections", type=int, default=8, help="how many clients ask at the same time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    return parser.parse_args(words)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _some_of(known: tuple[str, ...]) -> Any:
    def names(text: str) -> list[str]:
        if unknown := set(text.split(",")) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(known)}")
        return text.split(",")

    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
