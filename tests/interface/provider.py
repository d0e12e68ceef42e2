"""A real OpenID provider on loopback, small: discovery, keys, the code flow with PKCE, ID tokens signed by RS256.

It vouches for whoever ``subject`` says, and can be told to lie: ``lying`` changes the claims, ``signing`` the way they are signed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT, SECRET = "qingxin", "s3cret of the office"


class Provider:
    """Who it vouches for, and what it was asked."""

    def __init__(self) -> None:
        self.issuer = ""
        self.subject = "7f3a"
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.asked: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.lying: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.signing: tuple[dict[str, str], Any] | None = None
        self.down = False

    def app(self) -> Flask:
        app = Flask("provider")

        @app.before_request
        def fail() -> Any:
            return ("out of order", 503) if self.down else None

        @app.get("/.well-known/openid-configuration")
        def discovery() -> Any:
            return jsonify(
                issuer=self.issuer,
                authorization_endpoint=f"{self.issuer}/authorize",
                token_endpoint=f"{self.issuer}/token",
                jwks_uri=f"{self.issuer}/keys",
                id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
            )

        @app.get("/keys")
        def keys() -> Any:
            return jsonify(keys=[self.key.as_dict(private=False)])

        @app.get("/authorize")
        def authorize() -> Any:
            self.asked = request.args.to_dict()
            assert self.asked["response_type"] == "code"
            assert self.asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            self.codes[code] = self.asked
            return redirect(f"{self.asked['redirect_uri']}?{urlencode({'code': code, 'state': self.asked['state']})}")

        @app.post("/token")
        def token() -> Any:
            asked = self.codes.pop(request.form["code"], None)
            who = request.authorization
            proof = hashlib.sha256(request.form["code_verifier"].encode()).digest()
            if (
                asked is None
                or who is None
                or (who.username, who.password) != (CLIENT, SECRET)
                or request.form["redirect_uri"] != asked["redirect_uri"]
                or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]
            ):
                return jsonify(error="invalid_grant"), 400
            claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "nonce": asked["nonce"]}
            return jsonify(access_token="of no use", token_type="Bearer", id_token=self._signed(claims))

        return app

    def _signed(self, claims: dict[str, Any]) -> str:
        now = int(time.time())
        header, key = self.signing or ({"alg": "RS256", "kid": "first"}, self.key)
        told = self.lying({**claims, "iat": now, "exp": now + 300})
        return jwt.encode(header, told, key, algorithms=[header["alg"]])

    @property
    def of_its_secret(self) -> tuple[dict[str, str], Any]:
        """A way to sign with what both sides know, as a client that is not careful would accept."""
        return {"alg": "HS256"}, OctKey.import_key(SECRET)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, running."""
    vouching = Provider()
    server = make_server("127.0.0.1", 0, vouching.app(), threaded=True, request_handler=_Quiet)
    vouching.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield vouching
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
