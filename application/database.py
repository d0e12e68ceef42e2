"""Connections to PostgreSQL: in a role, with every wait bounded.

A process connects in the role it needs and no higher: ``web`` for the counter, ``projector``, ``reader``; the
command line connects as ``owner`` for what only the owner may do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

CONNECT_SECONDS = 5
LOCK_SECONDS = 10
STATEMENT_SECONDS = 60
IDLE_SECONDS = 60

Connection = psycopg.Connection[TupleRow]
Connect = Callable[[], Connection]


def conninfo(url: str, role: str, *, statement_seconds: int = STATEMENT_SECONDS) -> str:
    """The connection string for a role: schema, timeouts and keepalives set, so that nothing waits for ever."""
    options = {
        "role": f"qingxin_{role}",
        "search_path": "qingxin",
        "timezone": "UTC",
        "statement_timeout": f"{statement_seconds}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    }
    return make_conninfo(
        url,
        options=" ".join(f"-c {name}={value}" for name, value in options.items()),
        application_name=f"qingxin-{role}",
        connect_timeout=CONNECT_SECONDS,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=30_000,
    )


def connect(url: str, role: str, **options: Any) -> Connection:
    """An autocommit connection in a role."""
    return psycopg.connect(conninfo(url, role, **options), autocommit=True)
