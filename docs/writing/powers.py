"""Who may what: the tables of roles and of powers."""

from __future__ import annotations

from domain.case import Case
from domain.codes import ROLES
from domain.event import sort_of
from domain.powers import POWERS, READS
from domain.records import RECORDS
from domain.words import word
from writing.markdown import code, table


def powers() -> str:
    roles = {role: word(role, "zh", "role") for role in ROLES}
    rows = [
        (code(act), word(f"done_{sort_of(event)}"), *(_mark(act in POWERS[role]) for role in roles))
        for act, event in Case.actions.items()
    ]
    rows += [
        (code(f"{sort}.{act}"), word(act, "zh", "action"), *(_mark(f"{sort}.{act}" in POWERS[role]) for role in roles))
        for sort, record in RECORDS.items() if sort != "case" for act in record.actions
    ]  # fmt: skip
    rows += [(code(read), "*reads*", *(_mark(role in READS[read]) for role in roles)) for read in READS]
    return table(("act", "zh", *roles.values()), rows)


def role_table() -> str:
    return table(
        ("role", "zh", "en"), ((code(role), word(role, "zh", "role"), word(role, "en", "role")) for role in ROLES)
    )


def _mark(yes: bool) -> str:
    return "●" if yes else ""
