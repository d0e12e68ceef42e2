"""What the tests of clocks share: a desk with one case, any other record, and how a clock on it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from domain.case import Case
from domain.record import Record, Signature, standing
from domain.rules.clocks import Reading, readings
from domain.rules.settings import Decided, Settings

day = date.fromisoformat

INSPECTORS = ["inspector-1", "inspector-2"]
EMPLOYER = {"name": "示例建筑公司"}
SUSPENDING = Settings([Decided("suspension_allowed", "1", date(2004, 12, 1))])

Kept = TypeVar("Kept", bound=Record)


def signed(record: Kept, on: str | None) -> Kept:
    """The record, signed for a day; without one, as an old paper that does not say."""
    return record.signed(
        Signature(
            "inspector-1", "inspector_lead", "620502-hrss", on,
            today=date(2030, 1, 1), imported=on is None, settings=SUSPENDING,
        )
    )  # fmt: skip


def read(record: Record, clock: str, today: str, **given: Any) -> list[Reading]:
    """How one clock of a record stands, as often as it was started."""
    found = readings(standing(record.entries), today=day(today), **given)
    return [reading for reading in found if reading.clock == clock]


def reads(record: Record, clock: str, today: str, **given: Any) -> Reading:
    """How a clock stands that was started once."""
    [reading] = read(record, clock, today, **given)
    return reading


def dates(reading: Reading) -> tuple[str, str, str]:
    return str(reading.started), str(reading.due), reading.state


def decided(*values: tuple[str, str, str]) -> Settings:
    """Settings as an office decided them: name, value, since."""
    return Settings(Decided(name, value, day(since)) for name, value, since in values)


class Desk:
    """One inspector with one case; every act is dated and signed."""

    def __init__(self, received: str | None = "2025-03-03", **complaint: Any) -> None:
        self.case = Case(UUID(int=1))
        facts = {
            "channel": "complaint_visit", "complainant_kind": "complaint", "division": "620502", "employer": EMPLOYER,
            "persons_claimed": 3, "summary": "拖欠工资",
        }  # fmt: skip
        self.on(received).receive(**{**facts, **complaint})

    def on(self, on: str | None) -> Case:
        return signed(self.case, on)

    def filed(self, on: str | None = "2025-03-04") -> Desk:
        self.on(on).file(cause="拖欠工资", inspectors=INSPECTORS, approved_by="head")
        return self

    def inspected(self, on: str, *, final: bool = False, amount: str = "30000") -> Desk:
        self.on(on).inspect(
            kind="onsite", inspectors=INSPECTORS, finding="true_arrears", amount_confirmed=amount, final=final
        )
        return self

    def verified(self, on: str) -> Desk:
        self.on(on).inspect(kind="verification", inspectors=INSPECTORS, finding="true_arrears")
        return self

    def ordered(self, on: str, kind: str = "rectification", document_no: str | None = "令1", **facts: Any) -> Desk:
        self.on(on).order(kind=kind, respondents=["示例建筑公司"], basis="条例", document_no=document_no, **facts)
        return self

    def served(self, on: str, document_no: str = "令1", mode: str = "direct") -> Desk:
        self.on(on).serve(document_no=document_no, mode=mode)
        return self

    def paid(self, on: str, amount: str, kind: str = "arrears") -> Desk:
        self.on(on).pay(kind=kind, amount=amount, payer_kind="employer")
        return self

    def closed(self, on: str, **facts: Any) -> Desk:
        self.on(on).close(reason="paid_in_full", approved_by="head", **facts)
        return self

    def extended(self, on: str, clock: str, due_on: str, *, in_old_papers: bool = False) -> Desk:
        case = self.on(on)
        case.signed(replace(case.signature, imported=in_old_papers))
        case.extend(clock=clock, due_on=day(due_on), reason="案情复杂", approved_by="head")
        return self

    def suspended(self, on: str | None, clock: str) -> Desk:
        self.on(on).suspend(clock=clock, reason="当事人逃匿", approved_by="head")
        return self

    def resumed(self, on: str | None, clock: str) -> Desk:
        self.on(on).resume(clock=clock, reason="当事人已找到")
        return self

    def pursued(self, on: str, kind: str, **facts: Any) -> Desk:
        self.on(on).pursue(kind=kind, **facts)
        return self

    def referred(self, on: str, kind: str, to: str, **facts: Any) -> Desk:
        self.on(on).refer(kind=kind, to=to, reason="依法移送", fled=True, approved_by="head", **facts)
        return self

    def answered(self, on: str, from_: str, outcome: str | None = None) -> Desk:
        self.on(on).answer(**{"from": from_}, result="回复", outcome=outcome)
        return self

    def read(self, clock: str, today: str, **given: Any) -> list[Reading]:
        return read(self.case, clock, today, **given)

    def reads(self, clock: str, today: str, **given: Any) -> Reading:
        return reads(self.case, clock, today, **given)
