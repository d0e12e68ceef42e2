"""The settings of a process, read from the environment once.

``QINGXIN_HOME``   all state of this installation (default ``.qingxin`` in the working directory)
``DATABASE_URL``   a PostgreSQL 15 or later; without it an embedded one runs under QINGXIN_HOME
``QINGXIN_PORT``   where the counter listens on 127.0.0.1 (default 8765)
``QINGXIN_WORKERS``  web processes (default 2)
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


class NotSet(RuntimeError):
    """A setting is missing or makes no sense."""


@dataclass(frozen=True)
class Settings:
    home: Path
    database_url: str | None
    port: int
    workers: int

    @classmethod
    def from_environment(cls) -> Settings:
        try:
            port = int(os.environ.get("QINGXIN_PORT") or 8765)
            workers = int(os.environ.get("QINGXIN_WORKERS") or 2)
        except ValueError as problem:
            raise NotSet(f"QINGXIN_PORT and QINGXIN_WORKERS are whole numbers: {problem}") from None
        home = Path(os.environ.get("QINGXIN_HOME") or ".qingxin").resolve()
        return cls(home, os.environ.get("DATABASE_URL") or None, port, workers)

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
