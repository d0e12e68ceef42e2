"""Accounts and sessions: who may sign in to the pages, and for how long they stay signed in.

A password is kept as argon2id and nothing else.  A session is 256 random bits in the officer's browser and their SHA-256 here;
it ends an hour after the last request, twelve hours after it began, when its officer signs out, and at once when the account is
disabled or gets another password.  Attempts are counted across all workers, by name and by address.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import Connection

from application.tokens import identified
from domain.powers import Actor

IDLE = timedelta(minutes=60)
"""How long after the last request a session still counts (ASVS 7.3.1)."""
LONGEST = timedelta(hours=12)
"""How long after its start a session still counts, however busy: one working day (ASVS 7.3.2)."""
SEEN_EVERY = timedelta(minutes=1)
"""How often at most a session writes that it was seen."""

SHORTEST, LONGEST_PASSWORD, FEWEST_CHARACTERS = 12, 256, 5
LONGEST_NAME = 64

WINDOW = timedelta(minutes=15)
PER_NAME, PER_ADDRESS = 10, 60
"""How often one may try to sign in within the window, to one name and from one address, before one waits for the next."""

_argon2 = PasswordHasher()
_one_at_a_time = Lock()  # each hash takes 64 MiB for a moment: many at once would take the memory of the office


class Unfit(ValueError):
    """A name or password that may not be used; says why."""


class NoSuchAccount(LookupError):
    """An account that is not there."""


class TooOften(Exception):
    """Too many attempts; says after how many seconds one may try again."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(f"try again in {seconds} s")


class Account(NamedTuple):
    """An account as it is listed: everything but the hash."""

    id: int
    name: str
    officer: str
    role: str
    office: str
    division: str
    password: bool
    subject: str | None
    made_at: datetime
    disabled_at: datetime | None


# Keeping accounts: the owner


def add(
    connection: Connection[Any], name: str, password: str | None, actor: Actor, *, subject: str | None = None
) -> int:
    """A new account, and its number.  Raises ``Unfit`` or ``NotAnIdentity``.

    ``subject`` is who it is at the office's OpenID provider (see ``subject_of``); without a password it signs in there only.
    """
    identified(actor)
    name = _plain(name)
    if not _possible(name):
        raise Unfit(
            f"账号名须为 1 至 {LONGEST_NAME} 个字符且不含空格 / a name has 1 to {LONGEST_NAME} characters and no spaces"
        )
    if password is None and subject is None:
        raise Unfit("账号须有口令或统一身份认证标识 / an account needs a password or a subject at the provider")
    hash = None if password is None else _hashed(name, password)
    try:
        row = connection.execute(
            "INSERT INTO accounts (name, hash, subject, officer, role, office, division)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            (name, hash, subject, actor.officer, actor.role, actor.office, actor.division),
        ).fetchone()
    except psycopg.errors.UniqueViolation:
        raise Unfit(
            f"账号名 {name} 或该身份标识已有账号 / there is an account of this name or subject: {name}"
        ) from None
    assert row is not None
    return int(row[0])


def set_password(connection: Connection[Any], name: str, password: str) -> None:
    """Give an account another password, and end its sessions.  Raises ``NoSuchAccount`` or ``Unfit``."""
    name = _plain(name)
    account = _number(connection, name)
    connection.execute("UPDATE accounts SET hash = %s WHERE id = %s", (_hashed(name, password), account))
    end_all(connection, account)


def disable(connection: Connection[Any], name: str) -> bool:
    """Let nobody sign in to an account any more, and end its sessions; False if it was disabled before.  Raises ``NoSuchAccount``."""
    account = _number(connection, _plain(name))
    done = connection.execute(
        "UPDATE accounts SET disabled_at = clock_timestamp() WHERE id = %s AND disabled_at IS NULL", (account,)
    )
    end_all(connection, account)
    return done.rowcount == 1


def enable(connection: Connection[Any], name: str) -> bool:
    """Let an account that was disabled be used again; False if it was not.  Raises ``NoSuchAccount``."""
    account = _number(connection, _plain(name))
    done = connection.execute(
        "UPDATE accounts SET disabled_at = NULL WHERE id = %s AND disabled_at IS NOT NULL", (account,)
    )
    return done.rowcount == 1


def listed(connection: Connection[Any]) -> list[Account]:
    """Every account there ever was, newest last."""
    rows = connection.execute(
        "SELECT id, name, officer, role, office, division, hash IS NOT NULL, subject, made_at, disabled_at"
        " FROM accounts ORDER BY id"
    )
    return [Account(*row) for row in rows]


def on_the_roll(connection: Connection[Any], officer: str) -> bool:
    """Whether an officer has an account or a token that holds: whoever is named as approving should."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM accounts WHERE officer = %(officer)s AND disabled_at IS NULL)"
        " OR EXISTS (SELECT FROM tokens WHERE officer = %(officer)s AND revoked_at IS NULL)",
        {"officer": officer},
    ).fetchone()
    return bool(row and row[0])


# Signing in


def signed_in(connection: Connection[Any], name: str, password: str) -> int | None:
    """The account whose name and password these are; None, after the same time, for any other pair."""
    name = _plain(name)
    asked = "SELECT id, hash FROM accounts WHERE name = %s AND disabled_at IS NULL"
    row = connection.execute(asked, (name,)).fetchone() if _possible(name) else None
    number, hash = row if row and row[1] else (None, _nobody())
    return number if _fits(hash, password) else None


def subject_of(issuer: str, subject: str) -> str:
    """Who somebody is at a provider; a subject of one provider is nobody at another."""
    return f"{issuer.rstrip('/')}|{subject}"


def by_subject(connection: Connection[Any], issuer_subject: str) -> int | None:
    """The account of somebody whom the provider vouches for; None if there is none."""
    row = connection.execute(
        "SELECT id FROM accounts WHERE subject = %s AND disabled_at IS NULL", (issuer_subject,)
    ).fetchone()
    return int(row[0]) if row else None


def attempted(connection: Connection[Any], name: str, address: str | None) -> None:
    """Count that somebody tries to sign in, before it is known how it goes.  Raises ``TooOften``.

    Counted first and forgiven after, so that many at once are not more than were allowed.
    """
    for asker, most in ((_asker("name", _plain(name)), PER_NAME), (_asker("address", address or ""), PER_ADDRESS)):
        since, left = _window()
        row = connection.execute(
            "INSERT INTO attempts (asker, since, times) VALUES (%s, %s, 1)"
            " ON CONFLICT (asker, since) DO UPDATE SET times = attempts.times + 1 RETURNING times",
            (asker, since),
        ).fetchone()
        if row and row[0] > most:
            raise TooOften(left)


def forgiven(connection: Connection[Any], name: str, address: str | None) -> None:
    """What was tried in vain counts no more for a name that was then signed in to; nor does this attempt for the address."""
    since, _ = _window()
    connection.execute("DELETE FROM attempts WHERE asker = %s OR since < %s", (_asker("name", _plain(name)), since))
    connection.execute(
        "UPDATE attempts SET times = times - 1 WHERE asker = %s AND since = %s AND times > 0",
        (_asker("address", address or ""), since),
    )


# Sessions


def start(connection: Connection[Any], account_id: int) -> str:
    """The secret of a new session; the only time it can be seen.  Some of those that count no more are let go with it."""
    secret = secrets.token_urlsafe(32)
    connection.execute("SELECT forget_sessions()")
    connection.execute("INSERT INTO sessions (hash, account) VALUES (%s, %s)", (_digest(secret), account_id))
    return secret


def session(connection: Connection[Any], secret: str) -> Actor | None:
    """Who is signed in under a secret; None if nobody is, or no longer."""
    row = connection.execute(
        "SELECT s.seen_at < clock_timestamp() - %s, a.officer, a.role, a.office, a.division"
        " FROM sessions s JOIN accounts a ON a.id = s.account"
        " WHERE s.hash = %s AND s.ended_at IS NULL AND a.disabled_at IS NULL"
        " AND s.seen_at > clock_timestamp() - %s AND s.started_at > clock_timestamp() - %s",
        (SEEN_EVERY, _digest(secret), IDLE, LONGEST),
        prepare=True,
    ).fetchone()
    if row is None:
        return None
    if row[0]:
        connection.execute("UPDATE sessions SET seen_at = clock_timestamp() WHERE hash = %s", (_digest(secret),))
    return Actor(*row[1:])


def end(connection: Connection[Any], secret: str) -> None:
    """End a session; one that is not there, or was ended before, stays so."""
    connection.execute(
        "UPDATE sessions SET ended_at = clock_timestamp() WHERE hash = %s AND ended_at IS NULL", (_digest(secret),)
    )


def end_all(connection: Connection[Any], account_id: int) -> None:
    """End every session of an account."""
    connection.execute(
        "UPDATE sessions SET ended_at = clock_timestamp() WHERE account = %s AND ended_at IS NULL", (account_id,)
    )


# Names, passwords, hashes


def _plain(name: str) -> str:
    """A name as it is compared: an input method may have typed it in full width or capitals."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _possible(name: str) -> bool:
    """Whether an account can have a name: some characters, each of which is seen."""
    return 0 < len(name) <= LONGEST_NAME and all(letter.isprintable() and not letter.isspace() for letter in name)


def _hashed(name: str, password: str) -> str:
    """The hash of a password that may be used.  Raises ``Unfit``."""
    password = _typed(password)
    if len(password) < SHORTEST:
        raise Unfit(f"口令至少 {SHORTEST} 个字符 / a password has at least {SHORTEST} characters")
    if len(password) > LONGEST_PASSWORD:
        raise Unfit(f"口令至多 {LONGEST_PASSWORD} 个字符 / a password has at most {LONGEST_PASSWORD} characters")
    if len(set(password)) < FEWEST_CHARACTERS or (len(name) > 3 and name in password.casefold()):
        raise Unfit(
            "口令过于简单:不得重复少数字符或包含账号名 / too simple: few different characters, or the name in it"
        )
    with _one_at_a_time:
        return _argon2.hash(password)


def _fits(hash: str, password: str) -> bool:
    """Whether a password is the one of a hash."""
    if len(password) > 4 * LONGEST_PASSWORD:
        return False
    try:
        with _one_at_a_time:
            return _argon2.verify(hash, _typed(password))
    except (VerificationError, InvalidHashError):
        return False


def _typed(password: str) -> str:
    """A password as it was meant: the same whether an input method typed it in full width or not."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows, so that an unknown name takes as long as a wrong password."""
    return _argon2.hash(secrets.token_urlsafe(32))


def _number(connection: Connection[Any], name: str) -> int:
    row = connection.execute("SELECT id FROM accounts WHERE name = %s", (name,)).fetchone()
    if row is None:
        raise NoSuchAccount(name)
    return int(row[0])


def _window() -> tuple[datetime, int]:
    """The beginning of the present window, and how many seconds of it are left."""
    now, length = datetime.now(UTC).timestamp(), WINDOW.total_seconds()
    since = now - now % length
    return datetime.fromtimestamp(since, UTC), max(1, math.ceil(since + length - now))


def _asker(kind: str, who: str) -> bytes:
    return hashlib.sha256(f"{kind}|{who}".encode()).digest()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
