"""What mail servers report back, as Postfix and others write it."""

from catalog.config import DEVELOPMENT_KEY
from catalog.notices import numbering

TEMPLATE = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: learning@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <20261128@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="split"

--split
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--split
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 28 Nov 2026 12:00:00 +0000

{groups}
--split
Content-Type: {returned}

{original}
--split--
"""
GROUP = """\
Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

"""


def report(
    *addresses: str,
    job_id: int,
    host: str = "127.0.0.1",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 User unknown",
    returned: str = "message/rfc822",
    message_id: str = "",
) -> bytes:
    groups = [GROUP.format(address=one, action=action, status=status, said=said) for one in addresses]
    message_id = message_id or numbering.message_id(job_id, host, DEVELOPMENT_KEY)
    original = f"Message-ID: {message_id}\nSubject: A subject\n\nText\n"
    return TEMPLATE.format(groups="".join(groups), returned=returned, original=original).encode(
        errors="surrogateescape"
    )
