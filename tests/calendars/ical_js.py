"""ical.js, the parser of Thunderbird, run by Node: a second engine that reads what is written.

It comes from the npm package through the npm client, is kept outside the repository, and is checked against the hash
that the registry gave for it."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "ical.js@2.2.1"
SHA512 = "yK/UlPbEs316igb/tjRgbFA8ZV75rCsBJp/hWOatpyaPNlgw0dGDmU+FoicOcwX4xXkeXOkYiOmCqNPFpNPkQg=="
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "ical.js" / "ical-2.2.1.mjs"
ABSENT = f"ical.js could not be run; it wants Node and npm (apt-get install npm) and: npm pack {PACKAGE}"

READ = """
import ICAL from '%s';
import { readFileSync } from 'node:fs';
const files = JSON.parse(readFileSync(0, 'utf8')).map((text) => new ICAL.Component(ICAL.parse(text)));
const shown = files.flatMap((calendar) => calendar.getAllSubcomponents('vevent')).map((part) => {
  const event = new ICAL.Event(part);
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: part.getFirstPropertyValue('status'),
    title: event.summary,
    place: event.location,
    is_day: event.startDate.isDate,
    starts: event.startDate.isDate ? event.startDate.toString() : event.startDate.toJSDate().toISOString(),
    ends: event.endDate.isDate ? event.endDate.toString() : event.endDate.toJSDate().toISOString(),
  };
});
console.log(JSON.stringify(shown));
"""


def events_of(*files: bytes) -> list[dict[str, Any]]:
    """The events of these files as ical.js reads them. Without Node the test is skipped, and fails in CI."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or not _is_here():
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    told = subprocess.run(
        [node, "--input-type=module", "--eval", READ % CACHE.as_uri()],
        input=json.dumps([content.decode() for content in files]).encode(),
        capture_output=True,
        check=True,
        timeout=60,
        # Wherever the program runs, the instants are the same.
        env={**os.environ, "TZ": "Asia/Tokyo"},
    )
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def _is_here() -> bool:
    npm = shutil.which("npm")
    if CACHE.exists() or npm is None:
        return CACHE.exists()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, check=False, timeout=120
        )
        for archive in Path(folder).glob("*.tgz"):
            digest = hashlib.sha512(archive.read_bytes()).digest()
            assert base64.b64encode(digest).decode() == SHA512, f"{PACKAGE} is not what it was"
            with tarfile.open(archive) as packed:
                _keep(packed.extractfile("package/dist/ical.js"))
    return CACHE.exists()


def _keep(member: Any) -> None:
    """Whole or not at all, since several may want it at once."""
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    part = CACHE.with_suffix(f".{os.getpid()}")
    part.write_bytes(member.read())
    part.replace(CACHE)
