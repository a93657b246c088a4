"""Links that go out by mail: signed, each kind for one purpose, and good for a while.

Opening one changes nothing: the programs that look through people's mail open them too. The button on its page does.
The address comes from SITE_URL; nobody's request has led to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from catalog import clock
from catalog.config import Settings


class _Signer(TimestampSigner):
    """Tells the time by the one clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


@dataclass(frozen=True)
class Link:
    """One kind of link: what it is signed for, where it leads and how long it is good."""

    purpose: str
    path: str
    lasts: timedelta

    def key_for(self, *says: Any) -> str:
        return str(self._serializer().dumps(says))

    def url_for(self, *says: Any, back: str = "/") -> str:
        """`back` is the page to go on with; it is looked at like any other `next`."""
        settings: Settings = current_app.config["CATALOG"]
        url = f"{settings.site_url}{self.path}{self.key_for(*says)}"
        return url if back == "/" else f"{url}?{urlencode({'next': back})}"

    def read(self, key: str) -> list[Any] | None:
        """What the link says; None when it is too old, or was not signed for this purpose."""
        try:
            says = self._serializer().loads(key, max_age=int(self.lasts.total_seconds()))
        except (BadData, ValueError, TypeError):
            return None
        return says if isinstance(says, list) else None

    def _serializer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(str(current_app.secret_key), salt=self.purpose, signer=_Signer)
