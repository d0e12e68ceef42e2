"""Records whose acts follow one another in time: nothing was done on one before it was opened.

A case is no such record: what was done on it before it was received is kept, with a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain import day
from domain.event import Event, sort_of
from domain.record import Entry, Record
from domain.refused import Refused


class OutOfOrder(Refused):
    """办理日{on}早于{needed}之日{since}。

    {on} is before {since}, the day it was {needed}.
    """


@dataclass
class Dated(Record):
    """A record that keeps the order of days."""

    begun: date | None = None  # the first day it can have been opened

    def take(self, entry: Entry) -> None:
        if entry.version == 1:
            self.begun = day.earliest(entry.event.on)
        super().take(entry)

    def bars(self, event: type[Event]) -> Refused | None:
        """As for any record; and no event is dated before the one that opened it."""
        opening = next(iter(self.lifecycle))
        return super().bars(event) or (None if event is opening else self._before(self.begun, opening))

    def _before(self, since: date | None, needed: type[Event]) -> Refused | None:
        """The refusal of a day that was surely before another."""
        on = day.latest(self.signature.on)
        if on and since and on < since:
            return OutOfOrder(at="on", on=on, since=since, needed=(f"done_{sort_of(needed)}",))
        return None

    def _not_before(self, since: str | None, needed: type[Event]) -> None:
        """Refuse a day that was surely before another act."""
        if refusal := self._before(day.earliest(since), needed):
            self.doubt(refusal)
