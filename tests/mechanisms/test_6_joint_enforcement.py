"""执法执纪协作: referrals out and back, the sanction list, and what only discipline inspection may know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import FACTS, Counter
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, HOUSING, Desks

HEAD = {"role": "office_head", "office": CITY}
FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}


@pytest.fixture
def case(counter: Counter, catch_up) -> dict[str, Any]:
    found = counter.receive()
    catch_up()
    return found


def clocks(desks: Desks, sort: str, record: dict[str, Any]) -> dict[str, Any]:
    return {clock["clock"]: clock for clock in desks.get(f"{sort}/{record['id']}/clocks")}


class TestReferrals:
    def ordered(self, desks: Desks, case: dict[str, Any]) -> None:
        desks.act("cases", case, "file", **FACTS["file"], on="2026-03-02")
        desks.act("cases", case, "inspect", **FACTS["inspect"], on="2026-03-02")
        order = {**FACTS["order"], "due_on": "2026-03-09"}
        desks.act("cases", case, "order", **order, on="2026-03-02")
        desks.act("cases", case, "serve", **FACTS["serve"], on="2026-03-02")

    def test_to_the_police_go_out_and_come_back_each_step_with_its_clock(self, desks: Desks, case):
        self.ordered(desks, case)
        desks.act("cases", case, "propose", kind="police", reason="逾期未支付", on="2026-03-10")
        desks.act("cases", case, "refer", **FACTS["refer"], document_no="移〔2026〕1号", on="2026-03-12")
        police = {"from": "police"}
        desks.act("cases", case, "answer", **police, result="已签收", outcome="received", on="2026-03-12")
        desks.act("cases", case, "answer", **police, result="不予立案", outcome="not_filed", on="2026-03-14")
        desks.act("cases", case, "pursue", kind="refusal_review_asked", to="police", on="2026-03-16")
        desks.act(
            "cases",
            case,
            "answer",
            **police,
            result="已立案",
            outcome="filed",
            document_no="立〔2026〕9号",
            on="2026-03-19",
        )
        desks.act("cases", case, "pursue", kind="materials_delivered", to="police", on="2026-03-20")

        found = clocks(desks, "cases", case)
        assert (found["C14"]["due"], found["C14"]["state"]) == ("2026-03-13", "met")
        assert (found["C16"]["due"], found["C16"]["state"]) == ("2026-03-17", "met")
        assert (found["C17"]["due"], found["C17"]["state"]) == ("2026-03-22", "met")
        assert desks.report()["police_referrals"] == 1

    def test_not_decided_for_are_kept_with_the_reason(self, desks: Desks, case):
        self.ordered(desks, case)
        desks.act("cases", case, "propose", kind="police", reason="逾期未支付", on="2026-03-10")
        desks.act(
            "cases", case, "keep", kind="police", reason="已部分支付", approved_by="office.2", on="2026-03-12", **HEAD
        )

        assert clocks(desks, "cases", case)["C14"]["state"] == "met"
        assert desks.report()["police_referrals"] == 0

    def test_to_a_department_ask_for_an_answer_by_a_day(self, desks: Desks, case):
        desks.act("cases", case, "refer", kind="department", to="housing", reason="违法分包", due_on="2026-03-20")

        assert clocks(desks, "cases", case)["R1"]["due"] == "2026-03-20"

    def test_to_the_court_wait_for_the_demand(self, desks: Desks, case):
        desks.act("cases", case, "pursue", kind="demand_served", to="employer", document_no="催〔2026〕1号")

        assert clocks(desks, "cases", case)["C12"]["due"] == "2026-03-24"


class TestDiscipline:
    REFERRAL = {
        "kind": "discipline",
        "to": "620500-discipline",
        "reason": "推诿扯皮,线索移交",
        "approved_by": "office.2",
    }

    @pytest.fixture
    def referred(self, desks: Desks, case) -> dict[str, Any]:
        desks.act("cases", case, "refer", **self.REFERRAL, role="supervisor", office=CITY)
        return case

    def test_is_known_to_discipline_inspection_and_the_auditors_and_to_nobody_else(self, desks: Desks, referred):
        for office, role, known in (
            (AUDIT, "auditor", True), (CITY, "auditor", True), (AUDIT, "supervisor", True), (CITY, "office_head", False),
            (COUNTY, "inspector_lead", False), (CITY, "supervisor", False), (COUNTY, "body_head", False),
        ):  # fmt: skip
            history = desks.get(f"cases/{referred['id']}/history", office=office, role=role)
            assert ("推诿" in str(history)) == known, (office, role)
            assert "推诿" not in str(desks.get(f"cases/{referred['id']}", office=office, role=role))
            assert "discipline" not in str(desks.get(f"cases/{referred['id']}/clocks", office=office, role=role))

    def test_never_changes_how_the_case_stands(self, desks: Desks, referred):
        assert desks.get(f"cases/{referred['id']}")["status"] == "received"
        assert desks.report()["discipline_referrals"] == 1

    def test_is_in_the_journal_of_the_auditors_alone(self, desks: Desks, referred):
        lines = desks.get("journal?event=CaseReferred&kind=discipline", office=AUDIT, role="auditor")
        assert len(lines) == 1
        desks.get("journal", 403, **HEAD)

    def test_is_not_told_to_the_worker(self, desks: Desks, counter: Counter, referred):
        answer = counter.ask("POST", "/api/status", None, body={"number": referred["number"], "code": referred["code"]})

        assert answer.status_code == 200
        assert "纪" not in answer.text


class TestTheSanctionList:
    NOTICE = {"ground": "mass_incident", "document_no": "列告〔2026〕1号", "subjects": ["unit", "legal_representative"], "order_due_on": "2026-03-02",
              "amount": "110000.00"}  # fmt: skip
    LISTING = {
        "document_no": "列决〔2026〕1号",
        "subjects": ["unit", "legal_representative"],
        "basis": "人社部令45第五条",
        "approved_by": "office.2",
    }

    @pytest.fixture
    def employer(self, desks: Desks) -> dict[str, Any]:
        return desks.post("employers", employer=FIRM, division="620502")

    def test_begins_with_a_notice_and_ends_after_three_years(self, desks: Desks, employer):
        desks.act("employers", employer, "list", 409, **self.LISTING, **HEAD)
        desks.act("employers", employer, "notify", **self.NOTICE)
        desks.act("employers", employer, "object", reason="正在筹款", on="2026-03-12")
        desks.act("employers", employer, "list", 409, **self.LISTING, on="2026-03-13", **HEAD)
        desks.act("employers", employer, "answer", result="异议不成立", on="2026-03-16")
        desks.act("employers", employer, "list", **self.LISTING, on="2026-03-18", **HEAD)

        assert (employer["status"], employer["listing"]["until"]) == ("listed", "2029-03-18")
        assert desks.report()["employers_listed"] == 1
        assert [row["title"] for row in desks.get("employers?listed=true")] == [FIRM["name"]]
        found = clocks(desks, "employers", employer)
        assert (found["C25"]["due"], found["C25"]["state"]) == ("2026-03-30", "met")
        assert found["C26"]["due"][:7] == "2029-03"
        desks.act(
            "employers",
            employer,
            "delist",
            409,
            kind="expiry",
            reason="期满",
            approved_by="office.2",
            on="2026-10-01",
            **HEAD,
        )

    def test_lets_an_employer_off_early_after_half_a_year_and_a_pledge(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", **self.NOTICE)
        desks.act("employers", employer, "list", **self.LISTING, on="2026-03-18", **HEAD)
        early = {"kind": "early", "reason": "已改正", "approved_by": "office.2"}
        desks.act("employers", employer, "delist", 409, **early, on="2026-04-01", **HEAD)
        desks.act(
            "employers",
            employer,
            "ask_removal",
            reason="已付清",
            corrected_on="2026-04-01",
            pledge=True,
            on="2026-04-02",
        )
        desks.act("employers", employer, "delist", 409, **early, on="2026-09-30", **HEAD)
        desks.act("employers", employer, "delist", **early, on="2026-10-08", **HEAD)

        assert employer["status"] == "delisted"
        assert desks.get("employers?listed=true") == []
        assert desks.get("employers?listed=true&on=2026-05-01")

    def test_refuses_what_the_law_does_not_allow(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", 409, **{**self.NOTICE, "order_due_on": "2026-03-10"})
        desks.act("employers", employer, "notify", 409, **{**self.NOTICE, "ground": "criminal_amount"})
        desks.act("employers", employer, "notify", 422, **{**self.NOTICE, "subjects": ["neighbour"]})
        desks.act("employers", employer, "notify", **self.NOTICE)
        desks.act(
            "employers",
            employer,
            "list",
            409,
            **{**self.LISTING, "approved_by": "office_head.x"},
            on="2026-03-18",
            **HEAD,
        )
        desks.post("employers", 409, employer=FIRM, division="620502")

    def test_waits_until_the_employer_has_had_its_days_to_object(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", **self.NOTICE)

        answer = desks.act("employers", employer, "list", 409, **self.LISTING, on="2026-03-17", **HEAD)

        assert (answer["type"], "2026-03-17" in answer["detail"]) == ("urn:qingxin:objection-term-running", True)
        desks.act("employers", employer, "list", **self.LISTING, on="2026-03-18", **HEAD)

    def test_need_not_wait_once_the_objection_is_answered(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", **self.NOTICE)
        desks.act("employers", employer, "object", reason="正在筹款", on="2026-03-11")
        desks.act("employers", employer, "answer", 409, result="不成立", on="2026-03-10")
        desks.act("employers", employer, "answer", result="不成立", on="2026-03-12")

        desks.act("employers", employer, "list", 409, **self.LISTING, on="2026-03-09", **HEAD)
        desks.act("employers", employer, "list", **self.LISTING, on="2026-03-12", **HEAD)

    def test_follows_the_notice_in_time_and_names_its_ground(self, desks: Desks):
        employer = desks.post("employers", employer=FIRM, division="620502", on="2026-03-03")
        desks.act("employers", employer, "notify", **self.NOTICE)
        for action, facts in (
            ("list", self.LISTING), ("object", {"reason": "x"}), ("spare", {"reason": "x", "approved_by": "office.2"}),
        ):  # fmt: skip
            answer = desks.act("employers", employer, action, 409, **facts, on="2026-03-09", **HEAD)
            assert answer["type"] == "urn:qingxin:out-of-order", action

        desks.act("employers", employer, "list", 422, **self.LISTING, ground="criminal_amount", on="2026-03-18", **HEAD)
        answer = desks.act("employers", employer, "list", **self.LISTING, on="2026-03-18", **HEAD)
        assert answer["event"]["data"]["ground"] == "mass_incident"

    def test_for_the_criminal_amount_needs_the_amount_the_office_has_decided(self, desks: Desks, employer, decided):
        notice = {**self.NOTICE, "ground": "criminal_amount"}
        desks.act("employers", employer, "notify", 409, **{**notice, "persons": 14})
        decided(criminal_one_yuan="10000.00", criminal_ten_yuan="50000.00")

        for persons, amount in (
            (None, "90000.00"),
            (14, None),
            (14, "49999.99"),
            (9, "90000.00"),
            (1, "9999.99"),
            (0, "1.00"),
        ):
            desks.act("employers", employer, "notify", 409, **{**notice, "persons": persons, "amount": amount})
        answer = desks.act("employers", employer, "notify", 409, **{**notice, "persons": 12, "amount": "40000.00"})
        assert all(number in answer["detail"] for number in ("12", "40,000.00", "10,000.00", "50,000.00"))
        desks.act("employers", employer, "notify", **{**notice, "persons": 1, "amount": "10000.00"})
        desks.act("employers", employer, "notify", **{**notice, "persons": 10, "amount": "50000.00"})

    def test_is_put_off_once_in_time_and_no_longer_than_the_law_lets_it(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", **self.NOTICE)  # due on 2026-03-30, on 2026-04-28 at the latest
        more = {"clock": "C25", "due_on": "2026-04-28", "reason": "复杂", "approved_by": "office.2", **HEAD}
        for wrong, on in (
            ({"clock": "C24"}, "2026-03-20"), ({"due_on": "2026-04-29"}, "2026-03-20"), ({"due_on": "2026-03-20"}, "2026-03-20"),
            ({}, "2026-03-30"), ({}, "2026-03-09"), ({"approved_by": "office_head.x"}, "2026-03-20"),
        ):  # fmt: skip
            desks.act("employers", employer, "extend", 409, **{**more, **wrong}, on=on)

        desks.act("employers", employer, "extend", **more, on="2026-03-27")

        assert clocks(desks, "employers", employer)["C25"]["extended"] == "2026-04-28"
        desks.act("employers", employer, "extend", 409, **more, on="2026-03-27")

    def test_begins_anew_with_a_new_notice(self, desks: Desks, employer):
        desks.act("employers", employer, "notify", **self.NOTICE)
        desks.act("employers", employer, "object", reason="正在筹款", on="2026-03-12")
        desks.act("employers", employer, "answer", result="异议成立", on="2026-03-13")
        desks.act("employers", employer, "object", reason="再提", on="2026-03-16")
        desks.act("employers", employer, "notify", **{**self.NOTICE, "document_no": "列告〔2026〕2号"}, on="2026-03-20")

        assert employer["objection_open"] is False
        desks.act("employers", employer, "answer", 409, result="x", on="2026-03-23")
        desks.act("employers", employer, "list", 409, **self.LISTING, on="2026-03-27", **HEAD)
        desks.act("employers", employer, "list", **self.LISTING, on="2026-03-30", **HEAD)

    def test_is_one_for_the_whole_city_and_each_office_keeps_its_own_entries(self, desks: Desks, employer):
        there = {"office": "620503-hrss", "role": "inspector_lead"}

        assert desks.get(f"employers/{FIRM['uscc']}", **there)["title"] == FIRM["name"]
        desks.act("employers", employer, "note", text="在本县亦有欠薪", **there)
        desks.get("employers", office=HOUSING, role="project_keeper")


class TestCooperation:
    def test_publication_is_by_case_and_by_listing(self, desks: Desks, case):
        desks.act("cases", case, "file", **FACTS["file"])
        desks.act("cases", case, "inspect", **FACTS["inspect"])
        desks.act("cases", case, "order", **{**FACTS["order"], "due_on": "2026-03-20"})
        desks.act("cases", case, "publicise", level="city", channel="门户网站")

        assert desks.report()["cases_publicised"] == 1
        assert desks.report("publications", by="quarter")["cases"] == 1
        desks.act("cases", case, "pursue", kind="publication_objected", text="对公布内容有异议", on="2026-03-11")
        assert clocks(desks, "cases", case)["C30"]["due"] == "2026-04-01"
