"""The Message-ID of a letter: which job it was, and our signature of that.

A repeated letter has the same one, so mail programs recognise it. Nobody else can make one up, so a report about a
letter comes from somebody who has seen it. It is signed for this alone, with the site's key."""

import hashlib
import hmac
import re

PATTERN = re.compile(r"<job-([0-9]{1,9})\.([0-9a-f]{32})@([^>\s]+)>")


def message_id(job_id: int, host: str, key: str) -> str:
    return f"<job-{job_id}.{_signature(job_id, key)}@{host}>"


def job_of(text: str, host: str, key: str) -> int | None:
    """The job whose letter has this Message-ID; None when it is not one of ours."""
    found = PATTERN.fullmatch(text.strip())
    if found is None or found[3].lower() != host.lower():
        return None
    job_id = int(found[1])
    return job_id if hmac.compare_digest(found[2], _signature(job_id, key)) else None


def _signature(job_id: int, key: str) -> str:
    """Half of it is enough: 128 bits, in letters that survive a mail server that changes capitals."""
    return hmac.new(key.encode(), f"letter {job_id}".encode(), hashlib.sha256).hexdigest()[:32]
