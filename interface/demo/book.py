"""What is recorded of the demo city, before it is saved: records at hand, and their entries in the order of the days.

Everything is decided by the records themselves, signed by an officer who has the power.  Entries are saved in the order they
happened, a thousand to a transaction; only what the vault must seal is saved at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

from application.office import NAMESPACE, Command, Office, today
from domain.case import Case
from domain.powers import Actor
from domain.record import Record, Signature
from domain.rules.settings import SETTINGS
from interface.demo.city import SEED, SINCE, officer
from interface.demo.telling import Clue, opened

R = TypeVar("R", bound=Record)
BATCH = 1_000
Step = Callable[[int], None]


def id_of(*names: Any) -> UUID:
    """An id of the demo: the same name, the same id, at every load."""
    return uuid5(NAMESPACE, "|".join(map(str, ("demo", SEED, *names))))


class Book:
    """The records of the city while it is written."""

    def __init__(self, office: Office, step: Step = lambda _: None):
        self.office, self.today, self.step = office, today(), step
        self.records: list[Record] = []
        self.cases: dict[UUID, Case] = {}

    def keep(self, case: Case) -> Case:
        self.cases[case.id] = case
        self.records.append(case)
        return case

    def opener(self, clue: Clue, signature: Signature, facts: dict[str, Any]) -> Case:
        """The case of a clue; who complained goes to the vault, if that is known."""
        if clue.contact is None:
            return opened(clue, signature, facts)
        facts = {name: value for name, value in facts.items() if name != "number"}  # the office gives it one
        command = Command(id_of("command", clue.number))
        case: Case = self.office.receive(facts, signature, command, contact=clue.contact, id=clue.id).case
        return case

    def record(self, sort: type[R], name: Any) -> R:
        """A record of the city that is no case, not yet opened."""
        record = sort(name if isinstance(name, UUID) else id_of(sort.sort, name))
        self.records.append(record)
        return record

    def act(self, record: Record, action: str, actor: Actor, on: str, /, **facts: Any) -> None:
        """Let an officer do something on a record, on a day."""
        record.signed(Signature(actor.officer, actor.role, actor.office, on, self.today)).do(action, facts)

    def save(self) -> None:
        """Save everything that is pending, in the order of the days."""
        pending = [entry for record in self.records for entry in record.pending]
        pending.sort(key=lambda entry: str(entry.event.on))
        for start in range(0, len(pending), BATCH):
            self.office.save(*pending[start : start + BATCH])
            self.step(len(pending[start : start + BATCH]))
        for record in self.records:
            record.pending = []

    def decide_settings(self, on: date = SINCE) -> None:
        """Decide, for the demo, every number that has a proposal."""
        head = officer("office_head", "620500")
        for setting in SETTINGS.values():
            if setting.proposed is None:
                continue
            facts = {
                "name": setting.name,
                "value": setting.proposed,
                "since": on,
                "basis": "演示数据",
                "approved_by": "office.2",
            }
            signature = Signature(head.officer, head.role, head.office, on.isoformat(), self.today)
            self.office.decide("decide", facts, signature, Command(id_of("setting", setting.name)))
