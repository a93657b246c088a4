"""A device that keeps passkeys, in a few lines: what a phone does when a page asks it, with real keys."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Device:
    """One passkey at one site. Its attributes may be changed to misbehave."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.site = origin.split("//")[1].split(":", maxsplit=1)[0]
        self.flags = PRESENT | VERIFIED
        self.count = 0
        self.number = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        point = self._key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + struct.pack(">H", len(self.number)) + self.number + public
        data = self._data(ATTESTED) + attested
        return self._answer(
            clientDataJSON=self._said("webauthn.create", asked),
            attestationObject=encode_cbor({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def sign(self, options: str) -> str:
        """The answer to `navigator.credentials.get`. It counts one further."""
        self.count += 1
        data, said = self._data(), self._said("webauthn.get", json.loads(options))
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _said(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: text(part) for name, part in parts.items()}
        number = text(self.number)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})
