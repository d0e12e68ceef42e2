"""The settings of a process, read from the environment once.

``QINGXIN_HOME``   all state of this installation (default ``.qingxin`` in the working directory)
``DATABASE_URL``   a PostgreSQL 15 or later; without it an embedded one runs under QINGXIN_HOME
``QINGXIN_PORT``   where the counter listens on 127.0.0.1 (default 8765)
``QINGXIN_WORKERS``  web processes (default 2)
``QINGXIN_HTTPS``  1 behind a proxy that speaks TLS: what it forwards is believed, cookies are sent over TLS alone
``QINGXIN_OIDC_ISSUER``  an OpenID provider by which officers may sign in; without it, by password alone
``QINGXIN_OIDC_CLIENT_ID``  who we are at the provider
``QINGXIN_OIDC_CLIENT_SECRET_FILE``  a file with our secret at the provider; without it, none (PKCE alone)
``QINGXIN_OIDC_NAME``  what the provider is called on the button
``QINGXIN_OIDC_CLAIM``  which claim says who somebody is (default ``sub``)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class NotSet(RuntimeError):
    """A setting is missing or makes no sense."""


@dataclass(frozen=True)
class Provider:
    """An OpenID provider, and who we are there."""

    issuer: str
    client_id: str
    client_secret: str | None = None
    name: str = "OpenID"
    claim: str = "sub"

    @classmethod
    def from_environment(cls) -> Provider | None:
        """The provider, if one is set.  Raises ``NotSet`` if it is set by half."""
        issuer = (os.environ.get("QINGXIN_OIDC_ISSUER") or "").rstrip("/")
        if not issuer:
            return None
        client = os.environ.get("QINGXIN_OIDC_CLIENT_ID")
        if not client:
            raise NotSet("QINGXIN_OIDC_ISSUER is set; set QINGXIN_OIDC_CLIENT_ID as well")
        if not issuer.startswith("https://") and urlsplit(issuer).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise NotSet("QINGXIN_OIDC_ISSUER is an address that begins with https://")
        secret = None
        if path := os.environ.get("QINGXIN_OIDC_CLIENT_SECRET_FILE"):
            try:
                secret = Path(path).read_text("utf-8").strip()
            except OSError as problem:
                raise NotSet(f"QINGXIN_OIDC_CLIENT_SECRET_FILE cannot be read: {problem.strerror}") from None
        name = os.environ.get("QINGXIN_OIDC_NAME") or cls.name
        return cls(issuer, client, secret, name, os.environ.get("QINGXIN_OIDC_CLAIM") or cls.claim)


@dataclass(frozen=True)
class Settings:
    home: Path
    database_url: str | None
    port: int
    workers: int
    https: bool = False
    provider: Provider | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        try:
            port = int(os.environ.get("QINGXIN_PORT") or 8765)
            workers = int(os.environ.get("QINGXIN_WORKERS") or 2)
        except ValueError as problem:
            raise NotSet(f"QINGXIN_PORT and QINGXIN_WORKERS are whole numbers: {problem}") from None
        home = Path(os.environ.get("QINGXIN_HOME") or ".qingxin").resolve()
        https = os.environ.get("QINGXIN_HTTPS", "").lower() in ("1", "true", "yes", "on")
        url = os.environ.get("DATABASE_URL") or None
        return cls(home, url, port, workers, https, Provider.from_environment())

    @property
    def key_file(self) -> Path:
        """The office's key: keep it apart from backups of the database."""
        return self.home / "keys" / "office.key"

    @property
    def cluster(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.home / "postgres"

    @property
    def run(self) -> Path:
        """Files of the processes that run now."""
        return self.home / "run"

    def url(self) -> str:
        """The database, whether given or embedded and running.  Raises ``NotSet``."""
        if self.database_url:
            return self.database_url
        from interface.embedded import running

        if url := running(self.cluster):
            return url
        raise NotSet("no database: set DATABASE_URL, or start the embedded one with `qingxin serve` (or `./dev demo`)")
