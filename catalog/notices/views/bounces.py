"""Where a mail provider tells that an address takes no mail. Without a secret there is nothing here."""

import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, jsonify, request

from catalog import limits, web
from catalog.config import Settings
from catalog.extensions import csrf, db
from catalog.notices import dsn, services
from catalog.notices.dsn import Report
from catalog.notices.views.blueprint import pages

AS_JSON = 64 * 1024
MOST_MISSES, WINDOW = 20, timedelta(minutes=10)
MOST_A_MINUTE = 600


@pages.post("/mail/bounces")
@csrf.exempt
def report() -> Response:
    """JSON {address, reason, permanent, message_id}, or the report itself as message/rfc822. It answers how many
    addresses were marked or noted: 0 for what concerns nobody here and for what was told before."""
    settings: Settings = current_app.config["CATALOG"]
    if not settings.bounce_secret:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    limits.check(_tally(), MOST_MISSES, WINDOW)
    if not hmac.compare_digest(given.encode(), settings.bounce_secret.encode()):
        limits.failed(_tally(), WINDOW)
        db.session.commit()
        abort(403)
    limits.spend("bounces", MOST_A_MINUTE, timedelta(minutes=1))
    host = urlsplit(settings.site_url).hostname or ""
    raw = request.get_data()
    if len(raw) > (AS_JSON if request.is_json else dsn.LARGEST):
        abort(413)
    if request.is_json:
        kept = int(services.told(_report(request.get_json(silent=True)), host))
    else:
        kept = services.read(raw, host)
    db.session.commit()
    return jsonify(kept=kept)


def _tally() -> str:
    return f"bounces {web.network()}"


def _report(told: Any) -> Report:
    """Answers 400 when it says less or something else than it should."""
    if not isinstance(told, dict):
        abort(400)
    address, permanent = told.get("address"), told.get("permanent")
    reason, message_id = told.get("reason", ""), told.get("message_id", "")
    texts = (address, reason, message_id)
    if not all(isinstance(text, str) and _can_be_kept(text) for text in texts):
        abort(400)
    if not isinstance(permanent, bool) or not address or len(address) > 254:
        abort(400)
    return Report(address, permanent, " ".join(reason.split()), message_id)


def _can_be_kept(text: str) -> bool:
    """Halves of characters and NUL are text to JSON and to no database."""
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text
