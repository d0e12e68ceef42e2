"""The clocks of an employer's file, of a project, and of an inspection."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.employer import Employer
from domain.inspection import Inspection
from domain.project import Project
from domain.record import Record, standing
from domain.rules.checklist import ITEMS
from domain.rules.clocks import Reading, readings
from tests.domain.rules.desk import EMPLOYER, INSPECTORS, dates, read, reads, signed

day = date.fromisoformat


def every(record: Record) -> list[Reading]:
    return readings(standing(record.entries), today=day("2026-01-06"))


class TestListingAnEmployer:
    """人社部令45: the notice, the objection, the decision, the term of three years, the removal."""

    def notified(self, on: str = "2025-12-22", order_due_on: str = "2025-12-18") -> Employer:
        employer = Employer(UUID(int=2))
        signed(employer, "2025-12-01").register(employer=EMPLOYER, division="620502")
        signed(employer, on).notify(
            ground="mass_incident", document_no="列告1", subjects=["unit"], order_due_on=day(order_due_on)
        )
        return employer

    def listed(self, on: str = "2026-01-05") -> Employer:
        employer = self.notified()
        signed(employer, on).list(document_no="列1", subjects=["unit"], basis="令45第五条", approved_by="head")
        return employer

    def delisted(self, employer: Employer, on: str, kind: str) -> Employer:
        signed(employer, on).delist(kind=kind, reason="期满", approved_by="head")
        return employer

    def test_leaves_five_working_days_to_object(self) -> None:
        reading = reads(self.notified(), "C24", today="2025-12-23")

        assert dates(reading) == ("2025-12-22", "2025-12-29", "running")
        assert reading.law == "拖欠农民工工资失信联合惩戒对象名单管理暂行办法(人社部令第45号)第六条(待核对)"
        assert reads(self.notified(), "C24", today="2026-01-05").state == "met"

    def test_answers_an_objection_in_five_working_days(self) -> None:
        employer = self.notified()
        signed(employer, "2025-12-30").object(reason="已支付")

        assert reads(employer, "C24", today="2026-01-08").state == "late"  # asked for after the term
        assert dates(reads(employer, "C24a", today="2026-01-04")) == ("2025-12-30", "2026-01-07", "running")
        signed(employer, "2026-01-07").answer(result="异议不成立")
        assert reads(employer, "C24a", today="2026-01-08").state == "met"

    def test_decides_twenty_working_days_after_the_term_of_the_order(self) -> None:
        reading = reads(self.notified(), "C25", today="2025-12-23")

        assert dates(reading) == ("2025-12-18", "2026-01-16", "running")
        assert reads(self.notified(), "C25", today="2026-01-17").state == "late"

    def test_may_decide_forty_working_days_after_it_with_approval(self) -> None:
        employer = self.notified()  # as in Zhongshan: due 2025-12-18, listed 2026-02-02, 31 working days
        signed(employer, "2026-01-15").extend(clock="C25", due_on=day("2026-02-13"), reason="复杂", approved_by="head")
        signed(employer, "2026-02-02").list(document_no="列1", subjects=["unit"], basis="令45", approved_by="head")

        reading = reads(employer, "C25", today="2026-02-03")

        assert (reading.state, reading.extended, reading.late_originally) == ("met", day("2026-02-13"), True)
        assert "2026-02-13 at the latest by law" in reading.explained("en")[-2]

    def test_decides_on_each_notice(self) -> None:
        employer = self.notified()
        signed(employer, "2026-01-05").spare(reason="已付清并承诺", approved_by="head")
        signed(employer, "2026-03-03").notify(
            ground="mass_incident", document_no="列告2", subjects=["unit"], order_due_on=day("2026-03-02")
        )

        found = read(employer, "C25", today="2026-05-06")

        assert [(r.document_no, r.state) for r in found] == [("列告1", "met"), ("列告2", "late")]

    def test_stays_on_the_list_for_three_years(self) -> None:
        employer = self.listed()

        reading = reads(employer, "C26", today="2026-01-06")

        assert dates(reading) == ("2026-01-05", "2029-01-05", "running")
        assert employer.listing is not None
        assert reading.due == employer.listing["until"]
        assert reads(employer, "C26", today="2029-01-06").state == "late"
        assert reads(self.delisted(employer, "2029-01-05", "expiry"), "C26", today="2029-02-01").state == "met"

    def test_is_removed_ten_working_days_after_the_term(self) -> None:
        employer = self.listed()

        assert read(employer, "C28", today="2029-01-05") == []
        reading = reads(employer, "C28", today="2029-01-08")
        assert (str(reading.started), str(reading.due)) == ("2029-01-05", "2029-01-19")
        assert reading.explained("en")[0] == "Counted from 2029-01-05, when clock C26 (started by entry 3) ran out."
        assert reads(self.delisted(employer, "2029-01-19", "expiry"), "C28", today="2029-03-01").state == "met"

    def test_has_no_removal_to_await_when_it_was_removed_early(self) -> None:
        employer = self.delisted(self.listed(), "2027-01-05", "revoked")

        assert read(employer, "C28", today="2029-03-01") == []

    def test_decides_on_an_early_removal_in_fifteen_working_days(self) -> None:
        employer = self.listed()
        signed(employer, "2026-09-01").ask_removal(reason="已改正", corrected_on=day("2026-02-01"), pledge=True)

        assert dates(reads(employer, "C27", today="2026-09-02")) == (
            "2026-09-01",
            "2026-09-21",
            "running",
        )  # a Sunday is worked
        signed(employer, "2026-09-10").note(text="电话催询")
        assert reads(employer, "C27", today="2026-09-22").state == "late"
        signed(employer, "2026-09-21").note(text="不同意提前移出,已告知")
        assert reads(employer, "C27", today="2026-09-22").state == "met"


class TestKeepingAProject:
    def project(self, on: str = "2025-08-20", **facts: Any) -> Project:
        project = Project(UUID(int=3))
        signed(project, on).register(
            **{
                "name": "示例安置房",
                "division": "620502",
                "industry": "housing",
                "contractor": EMPLOYER,
                "contract_amount": "45000000",
                **facts,
            }  # fmt: skip
        )
        return project

    def faulted(self, due_on: str = "2025-09-10") -> Project:
        project = self.project()
        signed(project, "2025-09-01").supervise(tier=1, inspectors=INSPECTORS)
        signed(project, "2025-09-01").fault(
            item=next(iter(ITEMS)), text="未设维权告示牌", owner="项目经理", due_on=day(due_on)
        )
        return project

    def test_mends_a_problem_by_its_day(self) -> None:
        project = self.faulted()

        reading = reads(project, "P1", today="2025-09-02")
        assert dates(reading) == ("2025-09-01", "2025-09-10", "running")
        assert reading.document_no == "P001"
        signed(project, "2025-09-10").follow(problem="P001", mended=True, finding="已设置")
        assert reads(project, "P1", today="2025-09-11").state == "met"

    def test_tells_two_problems_apart(self) -> None:
        project = self.faulted()
        signed(project, "2025-09-01").fault(
            item=next(iter(ITEMS)), text="台账不全", owner="劳资专管员", due_on=day("2025-09-05")
        )
        signed(project, "2025-09-04").follow(problem="P002", mended=True, finding="已补齐")

        assert [(r.document_no, r.state) for r in read(project, "P1", today="2025-09-11")] == [
            ("P001", "late"),
            ("P002", "met"),
        ]

    def test_gives_a_problem_a_new_day_without_forgetting_that_the_old_one_passed(self) -> None:
        project = self.faulted()
        signed(project, "2025-09-12").follow(problem="P001", mended=False, finding="仍未设置", due_on=day("2025-09-19"))

        assert [dates(r) for r in read(project, "P1", today="2025-09-15")] == [
            ("2025-09-01", "2025-09-10", "late"),
            ("2025-09-12", "2025-09-19", "running"),
        ]

    def test_is_not_answered_by_a_look_that_changed_nothing(self) -> None:
        project = self.faulted()
        signed(project, "2025-09-05").follow(problem="P001", mended=False, finding="正在制作")

        assert [r.state for r in read(project, "P1", today="2025-09-11")] == ["late"]

    @pytest.mark.parametrize(("opened", "state"), [("2025-10-09", "met"), ("2025-10-10", "late")])
    def test_opens_the_wage_account_within_thirty_days_of_signing(self, opened: str, state: str) -> None:
        project = self.project("2025-12-01", signed_on=day("2025-09-05"), account_opened_on=day(opened))

        reading = reads(project, "P2", today="2025-12-02")

        assert dates(reading) == ("2025-09-05", "2025-10-09", state)  # the thirtieth day is a holiday
        assert reading.stopped == day(opened)

    def test_learns_of_the_account_later(self) -> None:
        project = self.project("2025-09-08", signed_on=day("2025-09-05"))

        assert reads(project, "P2", today="2025-10-10").state == "late"
        signed(project, "2025-11-03").change(reason="补登账户", account_opened_on=day("2025-09-20"))
        assert reads(project, "P2", today="2025-11-04").state == "met"

    def test_knew_of_the_account_before_it_knew_of_the_contract(self) -> None:
        project = self.project("2025-09-08", account_opened_on=day("2025-09-07"))
        signed(project, "2025-11-03").change(reason="补登合同", signed_on=day("2025-09-05"))

        assert reads(project, "P2", today="2025-11-04").state == "met"

    @pytest.mark.parametrize("kind", ["stored", "guaranteed"])
    def test_stores_the_deposit_within_twenty_working_days_of_the_permit(self, kind: str) -> None:
        project = self.project(permit_on=day("2025-08-20"))

        assert dates(reads(project, "P3", today="2025-09-01")) == ("2025-08-20", "2025-09-17", "running")
        assert reads(project, "P3", today="2025-09-18").state == "late"
        signed(project, "2025-09-17").deposit_(kind=kind, amount="900000")
        assert reads(project, "P3", today="2025-09-18").state == "met"

    @pytest.mark.parametrize("amount", ["2999999.99", None])
    def test_does_not_judge_a_project_that_may_be_exempt(self, amount: str | None) -> None:
        project = self.project(permit_on=day("2025-08-20"), contract_amount=amount)

        assert read(project, "P3", today="2025-12-01") == []

    def test_refills_a_deposit_in_ten_working_days(self) -> None:
        project = self.project()
        signed(project, "2025-08-20").deposit_(kind="stored", amount="600000")
        signed(project, "2025-09-01").deposit_(kind="used", amount="300000")

        assert dates(reads(project, "P4", today="2025-09-02")) == ("2025-09-01", "2025-09-15", "running")
        signed(project, "2025-09-16").deposit_(kind="refilled", amount="300000")
        assert reads(project, "P4", today="2025-09-17").state == "late"


class TestFollowingAnInspection:
    def inspection(self) -> Inspection:
        inspection = Inspection(UUID(int=4))
        signed(inspection, "2025-09-01").make(
            kind="routine", employer=EMPLOYER, division="620502", inspectors=INSPECTORS,
            results=[{"item": next(iter(ITEMS)), "result": "fail"}],
        )  # fmt: skip
        return inspection

    def test_mends_by_the_day_a_warning_gives(self) -> None:
        inspection = self.inspection()
        signed(inspection, "2025-09-01").warn_(text="限期补正台账", owner="项目经理", due_on=day("2025-09-15"))

        assert dates(reads(inspection, "I1", today="2025-09-02")) == ("2025-09-01", "2025-09-15", "running")
        assert reads(inspection, "I1", today="2025-09-16").state == "late"
        signed(inspection, "2025-09-15").mend(finding="已补正")
        assert reads(inspection, "I1", today="2025-09-16").state == "met"

    def test_obeys_an_order_on_the_spot_by_its_day(self) -> None:
        inspection = self.inspection()
        signed(inspection, "2025-09-01").order(document_no="检令1", due_on=day("2025-09-08"), basis="国令423第十五条")

        reading = reads(inspection, "I2", today="2025-09-09")

        assert (reading.state, reading.document_no) == ("late", "检令1")
        assert read(inspection, "I1", today="2025-09-09") == []


class TestReadingEachSortByItsOwnClocks:
    def test_finds_no_clock_of_a_case_on_another_record(self) -> None:
        inspection = TestFollowingAnInspection().inspection()
        project = TestKeepingAProject().faulted()
        employer = TestListingAnEmployer().listed()

        found = [{reading.clock[0] for reading in every(record)} for record in (inspection, project, employer)]

        assert found == [set(), {"P"}, {"C"}]
        assert {reading.clock for reading in every(employer)} == {"C24", "C25", "C26"}
