"""What can be recorded: the actions of a case and of every other record, with their fields."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import fields, validate

from domain.case import Case
from domain.case_asides import CaseAttached
from domain.codes import ROLES
from domain.event import Event, sort_of
from domain.powers import POWERS
from domain.record import Record
from domain.records import RECORDS
from domain.words import word
from interface.api import shapes
from interface.api.records import PLURALS
from writing.markdown import both, code, page, table


def actions() -> str:
    return page(
        "Actions",
        "What can be recorded on a case: `POST /api/cases/{id}/<action>` with the fields as JSON. How to ask is in "
        "[api.md](api.md). An asterisk marks a field that must be there. Each action may be refused; see "
        "[refusals.md](refusals.md).",
        *(action(name, event) for name, event in Case.actions.items()),
    )


def records() -> str:
    return page(
        "The other records",
        "Projects, campaigns, inspections, employers, trainings and draws are records of their own, in the same manner as cases: "
        "POST to the sort opens one, `POST /api/<sort>/{id}/<action>` acts on it, GET reads it back as it stands or as it stood, "
        "with `/history` and `/clocks`. The rulebook is one record for the whole city.",
        *(
            part
            for sort, record in RECORDS.items()
            if sort in (*PLURALS, "rulebook")
            for part in record_part(sort, record)
        ),
    )


def record_part(sort: str, record: type[Record]) -> Iterator[str]:
    """What can happen to a sort of record, and each of its actions."""
    plural = PLURALS.get(sort, (sort, ""))[0]
    yield f"# {' '.join(both(f'record_{sort}'))}"
    yield "\n\n".join(part.strip() for part in (sys.modules[record.__module__].__doc__ or "").split("\n\n"))
    yield table(
        ("event", "zh", "after all of", "after one of", "never after", "once"),
        (
            (code(event.__name__), word(f"done_{sort_of(event)}"), plain(rule.after), plain(rule.after_any), plain(rule.never_after),
             "yes" if rule.once else "")
            for event, rule in record.lifecycle.items()
        ),
    )  # fmt: skip
    first = next(iter(record.lifecycle))
    for name, event in record.actions.items():
        opens = event is first and sort != "rulebook"
        path = f"POST /api/{plural}" if opens or sort == "rulebook" else f"POST /api/{plural}/{{id}}"
        path += "" if opens else f"/{name}"
        does_it = " ".join((getattr(record, record.methods[name]).__doc__ or "").split())
        yield action(name, event, path=path, power=f"{sort}.{name}", said=does_it, level="##")


def plain(events: Iterable[type[Event]]) -> str:
    return code(*sorted(event.__name__ for event in events))


def action(name: str, event: type[Event], *, path: str = "", power: str = "", said: str = "", level: str = "##") -> str:
    """One action: what it does, who may, what it takes."""
    path = path or ("POST /api/cases" if name == "receive" else f"POST /api/cases/{{id}}/{name}")
    declared = shapes.request_body(event)().fields.items()
    rows: list[tuple[str, str, str]] = [
        (code(field) + (" *" if kind.required else ""), *shape(kind)) for field, kind in declared
    ]
    if event is CaseAttached:
        rows.append(("`file` *", "file", "as `multipart/form-data`, up to 20 MiB"))
    added = sorted(event.COMPUTED)
    parts = [
        f"{level} {name}",
        said or does(name),
        f"`{path}` records `{event.__name__}`. May: {code(*(role for role in ROLES if (power or name) in POWERS[role]))}.",
        table(("field", "type", "values"), rows),
    ]
    if added:
        parts.append(f"Not taken from the asker: {code(*added)}. The office works them out, or old papers give them.")
    return "\n\n".join(parts)


def does(name: str) -> str:
    """What an action does, as its method says."""
    return " ".join((getattr(Case, Case.methods[name]).__doc__ or "").split())


def shape(kind: fields.Field[Any]) -> tuple[str, str]:
    """The type of a field and what it may hold."""
    match kind:
        case fields.List(inner=inner):
            of, values = shape(inner)
            return f"list of {of}", values
        case fields.Nested():
            within = sorted(kind.schema.fields.items())
            return "object", ", ".join(code(name) + (" *" if each.required else "") for name, each in within)
    named_so = next((words for sort, words in _SHAPES.items() if isinstance(kind, sort)), "text")
    return named_so, "; ".join(filter(None, map(limits, kind.validators)))


_SHAPES: dict[type[Any], str] = {
    shapes.Money: "money", shapes.Day: "day", shapes.Count: "whole number", shapes.Truth: "true or false",
    fields.UUID: "UUID", shapes.Scalar: "text, number or boolean",
}  # fmt: skip


def limits(check: object) -> str:
    match check:
        case validate.OneOf(choices=choices):
            return code(*choices)
        case validate.Regexp(regex=regex):
            return code(regex.pattern)
        case validate.Range(min=least, max=most):
            return f"{least} to {most}"
        case validate.Length(max=int(most)):
            return f"at most {most} characters"
    return ""


def action_table() -> str:
    rows = ((f"[{name}](actions.md#{name})", word(f"done_{sort_of(event)}"), code(event.__name__), does(name)) for name, event in Case.actions.items())  # fmt: skip
    return table(("action", "zh", "event", "does"), rows)
