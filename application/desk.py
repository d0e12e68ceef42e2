"""What an officer keeps at the desk: views of lists saved under a name.  Nothing of it is ever counted or judged by."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import Connection

LISTS = ("cases", "projects", "inspections", "campaigns", "draws", "employers", "trainings")
MOST = 30
"""So many views an officer may save of one list; the oldest goes when there are more."""


class View(NamedTuple):
    """A saved view: filters and order as a query string."""

    id: int
    name: str
    query: str


def views(connection: Connection[Any], officer: str, of: str) -> list[View]:
    """The views an officer saved of a list, by name."""
    rows = connection.execute(
        "SELECT id, name, query FROM saved_views WHERE officer = %s AND list = %s ORDER BY name", (officer, of)
    )
    return [View(*row) for row in rows]


def save_view(connection: Connection[Any], officer: str, of: str, name: str, query: str) -> None:
    """Save a view; one of the same name takes its place."""
    connection.execute(
        "INSERT INTO saved_views (officer, list, name, query) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (officer, list, name) DO UPDATE SET query = excluded.query",
        (officer, of, name, query),
    )
    connection.execute(
        "DELETE FROM saved_views WHERE officer = %s AND list = %s AND id NOT IN"
        " (SELECT id FROM saved_views WHERE officer = %s AND list = %s ORDER BY id DESC LIMIT %s)",
        (officer, of, officer, of, MOST),
    )


def forget_view(connection: Connection[Any], officer: str, id: int) -> str | None:
    """Forget a view of one's own; answers of which list it was, None if there was none such."""
    row = connection.execute(
        "DELETE FROM saved_views WHERE officer = %s AND id = %s RETURNING list", (officer, id)
    ).fetchone()
    return row[0] if row else None
