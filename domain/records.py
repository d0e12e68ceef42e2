"""Every sort of record the office keeps, by the word its events begin with."""

from __future__ import annotations

from domain.campaign import Campaign
from domain.case import Case
from domain.draw import Draw
from domain.employer import Employer
from domain.inspection import Inspection
from domain.number import Number
from domain.period import Period
from domain.project import Project
from domain.record import Record
from domain.rulebook import Rulebook
from domain.training import Training

RECORDS: dict[str, type[Record]] = {
    record.sort: record
    for record in (Case, Project, Campaign, Inspection, Employer, Training, Draw, Period, Number, Rulebook)
}


def power(record: Record | type[Record], action: str) -> str:
    """What ``domain.powers`` calls an action on a record: those of a case by their own name, others after their sort."""
    return action if record.sort == "case" else f"{record.sort}.{action}"


def opener(record: type[Record]) -> str:
    """The action that opens a record of a sort: the first of its lifecycle."""
    first = next(iter(record.lifecycle))
    return next(action for action, event in record.actions.items() if event is first)
