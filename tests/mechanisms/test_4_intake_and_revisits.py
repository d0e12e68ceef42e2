"""平台投诉受理回访: every channel with its own reference, repeats found and linked, the four firsts, revisits, the worker's question."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from application.vault import CODE_ALPHABET
from domain import codes
from tests.conftest import FACTS, RECEIVED, Counter, Desk
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, Desks

PHONE = {"name": "工人甲", "phone": "139 0000 0001"}
CLUE = {k: v for k, v in RECEIVED.items() if k in ("employer", "summary")}


class TestChannels:
    @pytest.mark.parametrize("channel", [c for c in get_args(codes.Channel) if c not in ("complaint", "unknown")])
    def test_all_come_in_with_their_own_reference(self, counter: Counter, channel):
        case = counter.receive(channel=channel, channel_ref="XS-2026-0001")

        assert case["event"]["data"]["channel_ref"] == "XS-2026-0001"
        assert case["channel"] == channel


class TestDuplicates:
    def likely(self, desks: Desks, status: int = 200, **asked: Any) -> Any:
        office, role = asked.pop("office", COUNTY), asked.pop("role", "intake")
        desks.catch_up()
        return desks.ask("POST", "cases/duplicates", status, role=role, office=office, body=asked)

    def test_are_found_by_the_same_phone_however_it_is_typed(self, desks: Desks, counter: Counter):
        first = counter.receive(contact=PHONE, employer={"name": "甲公司"}, summary="三月工资未发")
        counter.receive(employer={"name": "乙公司"}, summary="保险问题咨询")

        [found] = self.likely(desks, contact={"phone": "+86-13900000001"}, employer={"name": "甲公司"}, summary="工资")

        assert (found["case"]["id"], found["reasons"][:2]) == (first["id"], ["phone", "employer"])
        assert found["score"] >= 75

    def test_are_found_by_employer_project_and_months(self, desks: Desks, counter: Counter):
        same = {"employer": {"name": "甲公司"}, "project": "安置房二期"}
        first = counter.receive(**same, period_from="2025-10", period_to="2025-12")

        [found] = self.likely(desks, **same, period_from="2025-12", period_to="2026-01")

        assert (found["case"]["id"], found["reasons"], found["score"]) == (
            first["id"],
            ["employer", "project", "period"],
            50,
        )
        assert self.likely(desks, employer={"name": "丙公司"}, project="安置房二期") == []

    def test_are_found_by_names_as_they_are_heard_at_the_counter(self, desks: Desks, counter: Counter):
        first = counter.receive(
            employer={"name": "麦积区陇上起重吊装有限公司", "uscc": "91110000600037341L"},
            project="麦积三阳川安置房项目部",
            summary="x",
        )
        counter.receive(employer={"name": "天水市第二建筑工程有限公司"}, project="河堤", summary="y")

        [found] = self.likely(desks, employer={"name": "陇上起重吊装公司"}, project="三阳川安置房", summary="塔吊")

        assert (found["case"]["id"], found["reasons"]) == (first["id"], ["employer_alike", "project_alike"])
        assert self.likely(desks, employer={"name": "天水市第一建筑工程有限公司"}, summary="z") == []

    def test_are_not_shown_across_counties_and_nothing_is_kept_of_the_question(
        self, desks: Desks, counter: Counter, office
    ):
        counter.receive(contact=PHONE)
        before = office.recorder.max_notification_id()

        assert self.likely(desks, contact=PHONE, office="620503-hrss") == []
        assert self.likely(desks, contact=PHONE, office=CITY)
        assert office.recorder.max_notification_id() == before
        with office.datastore.get_connection() as connection:
            kept = connection.execute("SELECT hash::text FROM vault.hashes").fetchall()
        assert "13900000001" not in str(kept)

    def test_are_for_those_who_take_in_and_handle(self, desks: Desks):
        self.likely(desks, 403, role="legal_reviewer", **CLUE)
        self.likely(desks, 422, role="intake", gossip="x")

    @pytest.mark.parametrize(
        ("role", "at", "told"),
        [
            ("inspector_second", COUNTY, False), ("office_head", CITY, False), ("auditor", AUDIT, False), ("body_head", COUNTY, False),
            ("inspector_lead", COUNTY, True), ("intake", COUNTY, True),
        ],
    )  # fmt: skip
    def test_never_tell_who_an_informant_is_but_to_who_may_know(self, desks: Desks, counter: Counter, role, at, told):
        same = {"contact": PHONE, "employer": {"name": "甲公司"}, "project": "安置房二期", "summary": "举报"}
        report = counter.receive(**same, complainant_kind="report")
        complaint = counter.receive(**same)
        who = {"role": role, "office": at}

        by_phone = self.likely(desks, contact=PHONE, summary="别的事", **who)
        typed = self.likely(desks, **same, **who)
        reporting = self.likely(desks, **same, complainant_kind="report", **who)
        of = {case["id"]: desks.get(f"cases/{case['id']}/duplicates", **who) for case in (report, complaint)}

        assert {found["case"]["id"] for found in by_phone} == (
            {report["id"], complaint["id"]} if told else {complaint["id"]}
        )
        assert {found["case"]["id"]: "phone" in found["reasons"] for found in typed} == {
            report["id"]: told,
            complaint["id"]: True,
        }
        for founds in (reporting, *of.values()):
            assert founds
            assert {"phone" in found["reasons"] for found in founds} == {told}

    def test_are_linked_by_a_person_and_never_merged(self, desks: Desks, counter: Counter):
        first, again = counter.receive(contact=PHONE), counter.receive(contact=PHONE)
        [found] = desks.get(f"cases/{again['id']}/duplicates", role="intake")

        desks.act(
            "cases",
            again,
            "link",
            to=found["case"]["number"],
            reason="同一人同一事项",
            score=found["score"],
            role="intake",
        )

        assert len(desks.get("cases")) == 2
        assert desks.get(f"cases/{first['id']}")["version"] == 1

    def test_erasing_a_person_erases_what_it_was_found_by(self, url, vault, desk: Desk, office):
        from application.office import Office, today
        from domain.record import Signature

        case = desk.receive(contact=PHONE)
        owner = Office(url, vault, role="owner")
        owner.erase_person(case.person, "保存期限届满", Signature("keeper", "office_head", CITY, str(today()), today()))
        owner.close()

        with office.datastore.get_connection() as connection:
            assert vault.alike(connection, PHONE) == {}


class TestTheFourFirsts:
    def test_are_clocks_once_the_office_has_decided_how_fast(self, desks: Desks, counter: Counter, decided):
        case = counter.receive()
        before = {c["clock"]: c for c in desks.get(f"cases/{case['id']}/clocks")}
        assert (before["S2"]["state"], before["S2"]["unverified"]) == ("unknown", True)

        decided()
        desks.act(
            "cases", case, "assign", kind="task", to_office=COUNTY, officers=["lead.1"], role="intake", on="2026-03-03"
        )
        desks.act("cases", case, "inspect", **FACTS["verify"], on="2026-03-09")

        clocks = {c["clock"]: c for c in desks.get(f"cases/{case['id']}/clocks")}
        assert [(clocks[c]["due"], clocks[c]["state"]) for c in ("S1", "S2", "S3")] == [
            ("2026-03-03", "met"), ("2026-03-03", "met"), ("2026-03-05", "late"),
        ]  # fmt: skip


class TestReturnsAndHandOffs:
    def test_are_counted_where_they_happened(self, desks: Desks, counter: Counter):
        case = counter.receive()
        give = {"kind": "forward", "role": "intake"}
        desks.act("cases", case, "assign", to_office="620503-hrss", **give)
        desks.act(
            "cases", case, "return", reason="不属本辖区", proposed_office=COUNTY, office="620503-hrss", role="intake"
        )
        desks.act("cases", case, "assign", to_office=COUNTY, **give)

        history = [e["event"] for e in desks.get(f"cases/{case['id']}/history")]
        assert history.count("CaseAssigned") == 2
        assert history.count("CaseReturned") == 1


class TestRevisits:
    def closed(self, desk: Desk, on: str = "2026-03-16") -> Any:
        return desk.story("file", "inspect", "pay", "pay_rest", "close")

    def test_are_planned_for_what_was_closed_long_enough_ago(self, desks: Desks, desk: Desk, decided):
        case = self.closed(desk)
        revisitor = {"role": "revisit_officer", "office": CITY}
        desks.get("revisits", 409, **revisitor)
        decided()

        assert [row["id"] for row in desks.get("revisits", **revisitor)] == [str(case.id)]
        assert desks.get("revisits", role="revisit_officer", office="620503-hrss") == []
        desk.act(case, "revisit")
        assert desks.get("revisits", **revisitor) == []

    def test_a_random_sample_is_drawn_from_what_was_closed(self, desks: Desks, desk: Desk):
        cases = {str(self.closed(desk).id) for _ in range(5)}
        revisitor = {"role": "revisit_officer", "office": CITY}
        found = desks.get("draws/candidates?purpose=revisit&from=2026-03-01&to=2026-03-31", **revisitor)
        assert {candidate["key"] for candidate in found["candidates"]} == cases

        draw = desks.post(
            "draws", purpose="revisit", division="620500", size=2, candidates=found["candidates"], **revisitor
        )
        desks.act("draws", draw, "make", **revisitor)
        drawn = desks.get(f"cases/{draw['drawn'][0]}", **revisitor)
        desks.act("cases", drawn, "revisit", mode="random_check", contacted=True, rebound=True, money_received="partly",
                  satisfaction="dissatisfied", draw=draw["id"], on="2026-04-01", **revisitor)  # fmt: skip
        desks.act("cases", drawn, "reopen", reason="回访发现反弹", on="2026-04-02", **revisitor)

        assert drawn["status"] == "reopened"
        assert desks.report()["asked"] == 1

    def test_are_planned_page_by_page_the_longest_closed_first(self, desks: Desks, desk: Desk, decided):
        cases = [self.closed(desk) for _ in range(5)]
        decided()
        revisitor = {"role": "revisit_officer", "office": CITY}
        desks.catch_up()

        pages, path = [], "/api/revisits?limit=2"
        while path:
            answer = desks.counter.ask("GET", path, **revisitor)
            pages.append([row["id"] for row in answer.json])
            path = answer.headers.get("Link", "").partition(">")[0].lstrip("<")

        assert [len(page) for page in pages] == [2, 2, 1]
        assert [id for page in pages for id in page] == [str(case.id) for case in cases]
        desks.get("revisits?cursor=moon", 422, **revisitor)

    def test_are_never_by_who_handled_the_case(self, desks: Desks, desk: Desk):
        case = self.closed(desk)
        shown = desks.get(f"cases/{case.id}", role="revisit_officer", office=CITY)

        assert "revisit" in shown["may"]
        with pytest.raises(Exception, match="handled"):
            desk.office.act(case, "revisit", FACTS["revisit"], signed_by_lead(), command())


def signed_by_lead() -> Any:
    from application.office import today
    from tests.conftest import signed

    return signed("lead.1", on="2026-04-01", today=today())


def command() -> Any:
    from application.office import Command

    return Command.new()


class TestTheWorkersQuestion:
    def ask(self, counter: Counter, number: str, code: str, **headers: str) -> Any:
        return counter.ask("POST", "/api/status", None, body={"number": number, "code": code}, **headers)

    def test_is_answered_with_number_and_code_and_tells_nothing_of_who_is_who(self, counter: Counter, catch_up):
        case = counter.receive(contact=PHONE)
        catch_up()
        code = case["code"]
        assert len(code) == 10
        assert set(code) <= set(CODE_ALPHABET)

        answer = self.ask(counter, case["number"], f"{code[:5]}-{code[5:].lower()}")

        assert answer.status_code == 200, answer.text
        assert answer.json["status"] == "received"
        assert answer.json["steps"] == [{"step": "受理", "on": "2026-03-02"}]
        for secret in ("渭河", "工人甲", "139", "intake.1", "120000", case["id"]):
            assert secret not in answer.text
        assert self.ask(counter, case["number"], code, Accept_Language="en").json["status_word"] == "received"

    def test_is_answered_by_what_is_in_force_now(self, counter: Counter, desk: Desk, desks: Desks, catch_up):
        case = desk.story("file", "inspect", "pay", "pay_rest", "close")
        closed = case.version
        put_right = {"reason": "笔误", "approved_by": "head.1"}
        desk.act(case, "correct", version=2, field="on", value="2026-03-04", **put_right)
        desk.act(desk.last.case, "revoke", version=closed, reason="未结", approved_by="head.1")
        catch_up()

        answer = self.ask(counter, case.number, desk.office.vault.code(case.id)).json

        steps = {step["step"]: step["on"] for step in answer["steps"]}
        assert (steps["立案"], answer["closed_on"]) == ("2026-03-04", None)
        assert "结案" not in steps

    def test_is_answered_alike_for_what_is_not_there_and_what_is_not_theirs(self, counter: Counter, catch_up):
        mine, other = counter.receive(), counter.receive()
        catch_up()

        wrong = self.ask(counter, mine["number"], other["code"])
        missing = self.ask(counter, "620502-2026-999999", mine["code"])

        assert (wrong.status_code, wrong.data) == (404, missing.data)

    def test_is_asked_only_so_often(self, counter: Counter, catch_up):
        case = counter.receive()
        catch_up()

        statuses = [self.ask(counter, case["number"], "0000000000").status_code for _ in range(25)]

        assert statuses[:10] == [404] * 10
        assert 429 in statuses
        assert self.ask(counter, case["number"], case["code"]).status_code in (200, 429)

    def test_the_receipt_sent_again_gives_the_same_code(self, counter: Counter):
        body = {"on": "2026-03-02", **RECEIVED}
        first = counter.ask("POST", "/api/cases", "intake", body=body, Idempotency_Key="a")
        again = counter.ask("POST", "/api/cases", "intake", body=body, Idempotency_Key="a")

        assert first.json["code"] == again.json["code"]
        assert (
            first.json["code"] not in counter.ask("GET", f"/api/cases/{first.json['id']}", "auditor", office=AUDIT).text
        )
