"""The bytes of htmx for the browser tests, which answer the CDN's address themselves.

They come from the npm package through the npm client, are kept outside the repository, and are checked
against the same hash that the pages demand of the CDN.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "htmx.org@2.0.11"
SHA384 = "2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
CACHE = Path(__file__).resolve().parent.parent / ".cache" / "htmx" / "htmx-2.0.11.min.js"

NO_HTMX = (
    "htmx could not be fetched, so the browser tests are skipped; "
    f"get it with npm (apt-get install npm) and: npm pack {PACKAGE}"
)


class HtmxMissing(Exception):
    """htmx's file is neither here nor to be had."""


def htmx_bytes() -> bytes:
    """The file as the CDN serves it. Raises HtmxMissing, saying how to get it."""
    if not CACHE.exists():
        _keep(_fetch())
    content = CACHE.read_bytes()
    if _sha384(content) != SHA384:
        CACHE.unlink()
        raise HtmxMissing(
            f"{CACHE} was not the htmx that the pages ask for and has been removed; run the tests again."
        )
    return content


def _fetch() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise HtmxMissing(NO_HTMX)
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, check=False, timeout=120
        )
        archives = list(Path(folder).glob("*.tgz"))
        if packed.returncode or not archives:
            raise HtmxMissing(NO_HTMX)
        with tarfile.open(archives[0]) as archive:
            member = archive.extractfile("package/dist/htmx.min.js")
            if member is None:
                raise HtmxMissing(NO_HTMX)
            return member.read()


def _keep(content: bytes) -> None:
    """Several test workers may fetch at once; the finished file appears whole or not at all."""
    if _sha384(content) != SHA384:
        raise HtmxMissing(f"{PACKAGE} does not hold the htmx that the pages ask for, so it was not kept.")
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=CACHE.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(CACHE)


def _sha384(content: bytes) -> str:
    return base64.b64encode(hashlib.sha384(content).digest()).decode()
