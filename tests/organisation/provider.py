"""A small OpenID Connect provider that speaks real HTTP and signs with real keys, as an organisation would run.

It says of whoever comes what the test told it to say, and can be told to misbehave."""

import base64
import hashlib
import html
import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "catalog", "the-secret-of-the-catalog-at-the-provider"
Twist = Callable[[dict[str, Any]], dict[str, Any]]


class Provider:
    """`says` are the claims about whoever signs in; the rest are ways to misbehave."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._first_key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.behave()

    def behave(self) -> None:
        self.key = self._first_key
        self.says: dict[str, Any] = {
            "sub": "person-1",
            "email": "nia@university.example",
            "email_verified": True,
            "name": "Nia Sample",
        }
        self.metadata: dict[str, Any] = {}
        self.twist: Twist = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self._sign
        self.token_redirects_to = ""
        self.only_at_userinfo = False
        self.userinfo: dict[str, Any] = {}
        self.asks_first = False
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    # What the provider answers.

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.metadata,
        }

    def way_back(self, asked: dict[str, str]) -> str:
        """Where a browser is sent that came with this question."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """None where the code, its verifier or who asks is wrong. A code is good once."""
        asked = self.codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != expected or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        said = {"sub": self.says["sub"]} if self.only_at_userinfo else self.says
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **said,
        }
        return {
            "access_token": "whoever-has-this",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.sign(self.twist(claims)),
        }

    # What a browser does there.

    def visit(self, address: str) -> str:
        """Go to the provider and sign in there; the address it sends the browser back to."""
        url = urlsplit(address)
        assert f"{url.scheme}://{url.netloc}" == self.issuer
        connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=10)
        connection.request("GET", f"{url.path}?{url.query}")
        back = connection.getresponse().headers["Location"]
        connection.close()
        assert back.startswith("http://localhost/")
        return str(back.removeprefix("http://localhost"))


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    """`alg: none`: anybody can write it."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            provider.asked.append(url.path)
            match url.path:
                case "/.well-known/openid-configuration":
                    self._json(200, provider.configuration())
                case "/keys":
                    self._json(200, {"keys": [provider.key.as_dict(private=False)]})
                case "/authorize" if provider.asks_first:
                    self._page(dict(parse_qsl(url.query)))
                case "/authorize":
                    self._lead(provider.way_back(dict(parse_qsl(url.query))))
                case "/userinfo" if self.headers["Authorization"] == "Bearer whoever-has-this":
                    self._json(200, {**provider.says, **provider.userinfo})
                case _:
                    self._json(404, {})

        def do_POST(self) -> None:
            url = urlsplit(self.path)
            provider.asked.append(url.path)
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            if url.path == "/authorize":
                self._lead(provider.way_back(form))
            elif provider.token_redirects_to:
                self._lead(provider.token_redirects_to)
            elif tokens := provider.tokens(form, self.headers["Authorization"] or ""):
                self._json(200, tokens)
            else:
                self._json(400, {"error": "invalid_grant"})

        def _page(self, asked: dict[str, str]) -> None:
            """Where somebody signs in at their organisation."""
            fields = "".join(
                f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
                for name, value in asked.items()
            )
            page = f"<!doctype html><title>The University</title><h1>The University</h1><form method=post>{fields}"
            self._answer(200, "text/html", f"{page}<button>Yes, it is me</button></form>".encode())

        def _json(self, status: int, answer: dict[str, Any]) -> None:
            self._answer(status, "application/json", json.dumps(answer).encode())

        def _lead(self, address: str) -> None:
            self._answer(302, "text/plain", b"", Location=address)

        def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
            """Quietly."""

    return Handler
