"""Brings the schema up to date: numbered SQL files, each once, each in its transaction, one migration at a time.

Several may call it at once; they queue on an advisory lock and find the work done.  A file that was applied and has
changed since is an error: what ran is history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from application.database import CONNECT_SECONDS

FOLDER = Path(__file__).parent / "migrations"
LOCK = 620500_0001


class Changed(RuntimeError):
    """A migration that was applied has been edited since."""


def migrate(url: str, *folders: Path) -> list[str]:
    """Applies what is missing from the folders, in order, and names what it applied."""
    files = [file for folder in (FOLDER, *folders) for file in sorted(folder.glob("*.sql"))]
    with psycopg.connect(make_conninfo(url, connect_timeout=CONNECT_SECONDS), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '120s'")
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        try:
            return _apply(connection, files)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _apply(connection: psycopg.Connection[tuple[object, ...]], files: Sequence[Path]) -> list[str]:
    known = _known(connection)
    applied: list[str] = []
    for file in files:
        name, text = f"{file.parents[1].name}/{file.name}", file.read_text("utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if name in known:
            if known[name] != digest:
                raise Changed(f"{name} was applied before and has changed since; write a new file instead")
            continue
        with connection.transaction():
            if known or applied:  # the first file makes the roles and the schema
                connection.execute("SET LOCAL ROLE qingxin_owner")
                connection.execute("SET LOCAL search_path = qingxin")
            connection.execute(text)
            connection.execute("SET LOCAL ROLE qingxin_owner")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS qingxin.migrations"
                " (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
            connection.execute("GRANT SELECT ON qingxin.migrations TO qingxin_web, qingxin_projector, qingxin_reader")
            connection.execute("INSERT INTO qingxin.migrations (name, sha256) VALUES (%s, %s)", (name, digest))
        applied.append(name)
    return applied


def _known(connection: psycopg.Connection[tuple[object, ...]]) -> dict[object, object]:
    if connection.execute("SELECT to_regclass('qingxin.migrations')").fetchone() == (None,):
        return {}
    return dict(connection.execute("SELECT name, sha256 FROM qingxin.migrations").fetchall())  # type: ignore[arg-type]
