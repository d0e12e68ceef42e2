"""What a year of the calendar moves: the due days that are others under the new one, each noted on its case (放假安排载入)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from application.office import Command, NotOnFile, Office, Stale
from domain.case import Case
from domain.record import Signature, standing
from domain.rulebook import Rulebook
from domain.rules.calendar import Calendar
from domain.rules.clocks import Reading, readings


@dataclass(frozen=True)
class Moved:
    """A due day as it was and as it is, of a clock of a case."""

    case: str
    record: UUID
    clock: str
    old: date | None
    new: date | None
    provisional: bool  # the old one was; the new one may be final on the same day

    def told(self) -> str:
        """The move as the note on the case has it."""
        kept = "暂定" if self.provisional else "原定"
        return f"{self.clock}期满日由{self.old}({kept})定为{self.new}"


def moved(office: Office, ids: Iterable[UUID], before: Rulebook, after: Calendar, on: date) -> Iterator[Moved]:
    """Every due day of these cases that another calendar moves, or makes final; what is no case is passed over."""
    for id in ids:
        try:
            case = office.case(id)
        except NotOnFile:
            continue
        yield from _of(case, before, after, on)


def noted(
    office: Office, ids: Iterable[UUID], before: Rulebook, after: Calendar, signature: Signature, cause: UUID
) -> list[Moved]:
    """As ``moved``, and each case is given a note with the old days and the new; once for the entry that caused it."""
    signature = replace(
        signature, on=signature.today.isoformat()
    )  # the note is made today, whatever day the year was loaded for
    found: list[Moved] = []
    for id in ids:
        if changes := list(moved(office, [id], before, after, signature.today)):
            found += changes
            text = f"calendar_updated 放假安排载入:{'、'.join(change.told() for change in changes)}"
            _note(office, id, text, signature, Command(uuid5(cause, str(id))))
    return found


def _note(office: Office, id: UUID, text: str, signature: Signature, command: Command) -> None:
    """Add the note, however often somebody else writes on the case meanwhile."""
    while True:
        case = office.case(id)
        if office.repeated(case, command):
            return
        try:
            office.act(case, "note", {"text": text}, signature, command)
        except Stale:
            continue
        return


def _of(case: Case, before: Rulebook, after: Calendar, on: date) -> Iterator[Moved]:
    entries = standing(case.entries)
    old, new = (
        _by_clock(readings(entries, today=on, calendar=calendar, settings=before.settings))
        for calendar in (before.calendar, after)
    )
    for clock in old:
        for was, now in zip(old[clock], new[clock], strict=False):
            if _due(was) != _due(now) or (was.provisional and not now.provisional):
                yield Moved(case.number or case.source or "", case.id, clock, _due(was), _due(now), was.provisional)


def _by_clock(found: Iterable[Reading]) -> dict[str, list[Reading]]:
    by_clock: dict[str, list[Reading]] = defaultdict(list)
    for reading in found:
        by_clock[reading.clock].append(reading)
    return by_clock


def _due(reading: Reading) -> date | None:
    return reading.extended or reading.due
