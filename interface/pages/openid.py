"""The office's OpenID provider, as Authlib speaks to it: the code flow with PKCE, a state and a nonce.

Only ``interface.pages.signing`` reads this, and only where a provider is configured: Authlib and what it needs are a fifth of what an
office reads at its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, current_app, make_response
from joserfc.errors import JoseError

from interface.settings import Provider

ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA", "Ed25519")
"""By which a provider may sign who somebody is; never by a secret that we hold as well, never not at all."""
SECONDS = 10


class NotVouched(Exception):
    """The provider refused, could not be asked (``unreachable``), or answered what does not hold (``why``)."""

    def __init__(self, why: str, *, unreachable: bool = False):
        super().__init__(why)
        self.why, self.unreachable = why, unreachable


def enrol(app: Flask, provider: Provider) -> None:
    """Make the provider known to an application; nothing is asked of it before somebody signs in there."""
    OAuth(app).register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if provider.client_secret else "none",
            "default_timeout": SECONDS,
        },
    )


def sent(provider: Provider, back: str) -> Response:
    """What sends a browser to the provider, which sends it ``back``.  Raises ``NotVouched``."""
    with _asking():
        return make_response(_client(provider).authorize_redirect(back))


def subject(provider: Provider) -> str:
    """Whom the provider vouches for in the request at hand, as it calls them.  Raises ``NotVouched``."""
    options = {
        "iss": {"essential": True, "values": [provider.issuer, f"{provider.issuer}/"]},
        "aud": {"essential": True, "values": [provider.client_id]},
    }
    with _asking():
        who = _client(provider).authorize_access_token(claims_options=options).get("userinfo") or {}
    found = who.get(provider.claim)
    if not isinstance(found, str) or not found:
        raise NotVouched(f"no claim {provider.claim}")
    return found


@contextmanager
def _asking() -> Iterator[None]:
    """Whatever goes wrong between us and the provider is one thing to whoever signs in."""
    try:
        yield
    except requests.RequestException as problem:
        raise NotVouched(type(problem).__name__, unreachable=True) from problem
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError) as problem:
        raise NotVouched(type(problem).__name__) from problem


def _client(provider: Provider) -> Any:
    """The provider, described by itself.  Raises ``ValueError`` if it is another than we know."""
    client: Any = current_app.extensions["authlib.integrations.flask_client"].provider
    says = client.load_server_metadata()
    if str(says.get("issuer", "")).rstrip("/") != provider.issuer:
        says.pop("_loaded_at")  # it is asked again next time
        raise ValueError("the provider calls itself by another name")
    offered = says.get("id_token_signing_alg_values_supported") or ["RS256"]
    says["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
    return client
