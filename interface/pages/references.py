"""Records that a form names: an officer types a number or a name, the API is told the id.

What there is to name is offered as suggestions; what names none, or several, is told beside the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from marshmallow import Schema

from interface.api import shapes
from interface.pages.counter import Answer, ask

ROOMS = {"project_id": "projects", "projects": "projects", "draw": "draws", "campaign": "campaigns", "case": "cases"}
"""The room of the record that a fact names."""
OFFERED = 200


def named_in(schema: type[Schema]) -> dict[str, str]:
    """The facts of a request that name a record, and the room of each."""
    declared = schema._declared_fields
    return {name: room for name, room in ROOMS.items() if name in declared and _is_id(declared[name])}


def suggestions(schema: type[Schema]) -> dict[str, list[tuple[str, str]]]:
    """The latest records that each of those facts may name: number and name."""
    found = {room: ask("GET", f"/api/{room}", query={"limit": OFFERED}) for room in set(named_in(schema).values())}
    return {name: [_told(row) for row in found[room].body if found[room].ok] for name, room in named_in(schema).items()}


def in_numbers(schema: type[Schema], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that are filled in already, with the number of a record for its id."""
    rooms = named_in(schema)
    return {name: _number(rooms[name], value) if name in rooms and value else value for name, value in values.items()}


def resolved(schema: type[Schema], said: dict[str, Any]) -> Answer | None:
    """Put the ids of the records for their numbers and names in what a form says; or answer what is wrong with which."""
    errors: list[dict[str, str]] = []
    for name, room in named_in(schema).items():
        typed = said.get(name)
        if typed:
            many = isinstance(typed, list)
            ids = [_id(room, one) for one in (typed if many else [typed])]
            errors += [{"pointer": f"/{name}", "detail": wrong} for found, wrong in ids if found is None]
            said[name] = [found for found, _wrong in ids] if many else ids[0][0]
    return Answer(422, {"detail": errors[0]["detail"], "errors": errors}) if errors else None


def _is_id(of: Any) -> bool:
    return isinstance(of, shapes.Uuid) or (isinstance(of, shapes.Listed) and isinstance(of.inner, shapes.Uuid))


def _id(room: str, typed: str) -> tuple[str | None, str]:
    """The id of a record by its number or its whole name; or None, and why."""
    if _is_uuid(typed):
        return typed, ""
    if "/" not in typed and (answer := ask("GET", f"/api/{room}/{typed}")).ok:
        return str(answer.body["id"]), ""
    answer = ask("GET", f"/api/{room}", query={"q": typed[:100], "limit": OFFERED})
    rows = [row for row in answer.body if typed in _told(row)] if answer.ok else []
    if len(rows) == 1:
        return str(rows[0]["id"]), ""
    said = (
        _("Several are called “%(name)s”: give the number.", name=typed)
        if rows
        else _("There is no “%(name)s”.", name=typed)
    )
    return None, said


def _number(room: str, value: Any) -> str:
    """What an id is called in a field; one that names nothing within sight stays as it is."""
    ids: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    found = [ask("GET", f"/api/{room}/{id}") if _is_uuid(id) else None for id in ids]
    return "、".join(_told(one.body)[0] if one and one.ok else str(id) for id, one in zip(ids, found, strict=True))


def _told(row: Mapping[str, Any]) -> tuple[str, str]:
    """A record by its number and its name."""
    name = (row.get("employer") or {}).get("name", "") if "channel" in row else row.get("title") or ""
    return str(row.get("number") or name or row["id"]), str(name)


def _is_uuid(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
