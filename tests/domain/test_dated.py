"""Records whose acts follow one another in time, and what an old ledger may say all the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.dated import OutOfOrder
from domain.inspection import AlreadyUsed, Inspection
from domain.project import NoSuchTier, Project
from domain.record import Signature
from domain.rules.checklist import ITEMS
from tests.domain.rules.desk import EMPLOYER, INSPECTORS, Kept, signed

ITEM = next(iter(ITEMS))
PROJECT: dict[str, Any] = {"name": "示例", "division": "620502", "industry": "other", "contractor": EMPLOYER}


def imported(record: Kept, on: str | None) -> Kept:
    return record.signed(Signature("x", "inspector_lead", "620500-police", on, date(2030, 1, 1), imported=True))


def project() -> Project:
    project = Project(UUID(int=3))
    signed(project, "2025-09-01").register(**PROJECT)
    return project


def inspection() -> Inspection:
    inspection = Inspection(UUID(int=4))
    signed(inspection, "2025-09-01").make(
        kind="routine",
        employer=EMPLOYER,
        division="620502",
        inspectors=INSPECTORS,
        results=[{"item": ITEM, "result": "fail"}],
    )
    return inspection


class TestTheOrderOfDays:
    @pytest.mark.parametrize("on", ["2025-08-31", "2025-08", "2024"])
    def test_lets_nothing_happen_before_the_record_was_opened(self, on: str) -> None:
        with pytest.raises(OutOfOrder):
            signed(project(), on).supervise(tier=1, inspectors=INSPECTORS)
        with pytest.raises(OutOfOrder):
            signed(inspection(), on).note(text="x")

    def test_gives_the_benefit_of_the_doubt_to_a_day_that_is_not_known_to_the_day(self) -> None:
        signed(project(), "2025-09").supervise(tier=1, inspectors=INSPECTORS)

    def test_follows_the_opening_day_as_it_was_put_right(self) -> None:
        record = project()
        signed(record, "2025-09-02").correct(version=1, field="on", value="2025-08-01", reason="x", approved_by="y")
        again = Project.replay(record.id, record.entries)

        signed(again, "2025-08-15").note(text="x")

    def test_is_only_warned_of_in_an_old_ledger(self) -> None:
        record = project()
        imported(record, "2025-08-01").supervise(tier=2, inspectors=INSPECTORS)

        assert record.entries[-1].event.warnings == ("out_of_order", "no_such_tier")


class TestClearingASignal:
    SIGNAL = {"signal": "R01", "level": "red", "count": 1}

    def screened(self) -> Project:
        record = project()
        signed(record, "2025-09-10").screen(source_platform="p", lines=1, sha256="0" * 64, raised=[self.SIGNAL])
        return record

    @pytest.mark.parametrize(("visited", "cleared"), [("2025-09-09", "2025-09-20"), ("2025-09-12", "2025-09-11")])
    def test_needs_a_visit_between_the_signal_and_the_clearing(self, visited: str, cleared: str) -> None:
        record = self.screened()
        signed(record, visited).supervise(tier=1, inspectors=INSPECTORS)

        with pytest.raises(Exception, match="R01|before"):
            signed(record, cleared).clear(signal="R01", visit=record.version, finding="x")

    def test_is_done_by_a_visit_of_the_same_day(self) -> None:
        record = self.screened()
        signed(record, "2025-09-10").supervise(tier=1, inspectors=INSPECTORS)
        signed(record, "2025-09-10").clear(signal="R01", visit=record.version, finding="x")

        assert record.open_signals == []


class TestTheTiers:
    def test_of_a_project_of_no_regulated_industry_have_the_office_for_the_rest(self) -> None:
        signed(project(), "2025-09-02").entrust(tier=2, office_of="620500-other", officer="x")
        with pytest.raises(NoSuchTier):
            signed(project(), "2025-09-02").entrust(tier=2, office_of="620500-housing", officer="x")


def test_a_document_number_is_used_once_on_an_inspection() -> None:
    record = inspection()
    order = {"document_no": "检令1", "due_on": date(2025, 9, 8), "basis": "国令423第十五条"}
    signed(record, "2025-09-01").order(**order)

    with pytest.raises(AlreadyUsed):
        signed(record, "2025-09-02").order(**order)
    signed(record, "2025-09-02").order(**{**order, "document_no": "检令2"})
