"""Tokens: who speaks to the counter, in which role, for which office and division.

A token is 256 random bits, shown once and kept as its SHA-256; revoking it takes effect at the next request.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from domain.codes import ROLES
from domain.offices import office_exists
from domain.powers import Actor


class NotAnIdentity(ValueError):
    """A role, office or division that does not exist."""


class Token(NamedTuple):
    """A token as it is listed: everything but the secret."""

    id: int
    officer: str
    role: str
    office: str
    division: str
    issued_at: datetime
    revoked_at: datetime | None


def identified(actor: Actor) -> None:
    """Refuse a role, an office or a division that does not exist.  Raises ``NotAnIdentity``."""
    if actor.role not in ROLES:
        raise NotAnIdentity(f"no such role: {actor.role}; one of {', '.join(ROLES)}")
    if not office_exists(actor.office):
        raise NotAnIdentity(f"no such office: {actor.office}; write <division>-<kind>, such as 620502-hrss")
    if not (len(actor.division) == 6 and actor.division.isdigit()):
        raise NotAnIdentity(f"no such division: {actor.division}; six digits of GB/T 2260, such as 620502")
    if not actor.officer.strip():
        raise NotAnIdentity("an officer needs a reference")


def issue(connection: Connection[Any], actor: Actor) -> str:
    """A new token for an officer; the only time it can be seen.  Raises ``NotAnIdentity``."""
    identified(actor)
    secret = f"qx_{secrets.token_urlsafe(32)}"
    connection.execute(
        "INSERT INTO tokens (hash, officer, role, office, division) VALUES (%s, %s, %s, %s, %s)",
        (_hash(secret), actor.officer, actor.role, actor.office, actor.division),
    )
    return secret


def bearer(connection: Connection[Any], secret: str) -> Actor | None:
    """Whose token this is; None if it is nobody's, or was revoked."""
    row = connection.execute(
        "SELECT officer, role, office, division FROM tokens WHERE hash = %s AND revoked_at IS NULL",
        (_hash(secret),),
        prepare=True,
    ).fetchone()
    return Actor(*row) if row else None


def listed(connection: Connection[Any]) -> list[Token]:
    """Every token ever issued, newest last."""
    rows = connection.execute(
        "SELECT id, officer, role, office, division, issued_at, revoked_at FROM tokens ORDER BY id"
    )
    return [Token(*row) for row in rows]


def revoke(connection: Connection[Any], token: int) -> bool:
    """Revoke a token; False if there is none such, or it was revoked before."""
    done = connection.execute(
        "UPDATE tokens SET revoked_at = clock_timestamp() WHERE id = %s AND revoked_at IS NULL", (token,)
    )
    return done.rowcount == 1


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
