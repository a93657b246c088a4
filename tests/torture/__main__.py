"""`make torture`: kill everything at 200 random moments while twenty people work, on each database there is.

The seed is printed; SEED=… repeats its choices (not its moments: those are the machine's too). The figures are kept
in .cache/torture.json and printed as Markdown."""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import engines
from tests.torture.killing import Figures, as_json, torture

KEPT = Path(".cache/torture.json")


def main(words: Sequence[str]) -> int:
    """0 when nothing is wrong on any engine."""
    asked = _read(words)
    found: list[Figures] = []
    with engines.stopping_cleanly():
        for engine in asked.engines:
            print(f"== {engine}: {asked.kills} kills, seed {asked.seed} ==", flush=True)
            found.append(torture(engine, asked.kills, asked.seed, patient=not asked.hurry, say=_say))
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(as_json(found))
    print("\n".join(markdown(found)))
    wrong = [sentence for one in found for sentence in one.wrong]
    print("\n".join(wrong) if wrong else "Nothing was lost, nothing was done twice.")
    return 1 if wrong else 0


def _read(words: Sequence[str]) -> argparse.Namespace:
    there = ["sqlite", *(["postgresql"] if engines.find_postgres_bin() else [])]
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--engines", nargs="+", choices=there, default=there)
    parser.add_argument("--hurry", action="store_true", help="do not wait for leases to run out")
    return parser.parse_args(words)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def markdown(found: Sequence[Figures]) -> list[str]:
    """A table with a column for each engine."""
    rows = [
        ("seed", [str(one.seed) for one in found]),
        ("kills", [str(one.kills.total()) for one in found]),
        *(
            (f"… of the {victim}", [str(one.kills[victim]) for one in found])
            for victim in _keys(found, "kills")
        ),
        ("actions acknowledged", [f"{one.told.total():,}" for one in found]),
        *((f"… {what}", [f"{one.told[what]:,}" for one in found]) for what in _keys(found, "told")),
        ("given up without an answer", [str(one.unsure.total()) for one in found]),
        ("pages that said “One moment, please” (503)", [str(one.pages["503"]) for one in found]),
        ("other failures seen as a page", [str(_other(one)) for one in found]),
        ("letters", [f"{one.letters:,}" for one in found]),
        ("letters that came twice, under the same Message-ID", [str(one.repeated) for one in found]),
        ("longest time until everything answered again, s", [str(one.longest_recovery) for one in found]),
        ("seconds in all", [f"{one.seconds:.0f}" for one in found]),
        ("wrong afterwards", [str(len(one.wrong)) for one in found]),
        ("flask catalog check", [one.check.splitlines()[-1] if one.check else "" for one in found]),
    ]
    head = f"| what | {' | '.join(one.engine for one in found)} |"
    return [head, f"|---{'|--:' * len(found)}|", *(f"| {what} | {' | '.join(said)} |" for what, said in rows)]


def _keys(found: Sequence[Figures], of: str) -> list[str]:
    return sorted({key for one in found for key in getattr(one, of)})


def _other(one: Figures) -> int:
    return sum(count for status, count in one.pages.items() if status.startswith("5") and status != "503")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
