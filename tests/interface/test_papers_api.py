"""Papers over the API: made out, listed, fetched, void, numbered; and never told to who may not know."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.conftest import FACTS, Counter

FIRST = "秦州人社监令字〔2026〕第0001号"


def wire(step: str, *without: str, **more: Any) -> dict[str, Any]:
    """The facts of an ordinary act as they travel."""
    facts = {name: fact for name, fact in FACTS[step].items() if name not in without}
    return {"on": "2026-03-02", **json.loads(json.dumps({**facts, **more}, default=str))}


def act(counter: Counter, case: dict[str, Any], action: str, status: int = 201, *, issue: bool = False, role: str = "inspector_lead",
        office: str = "620502-hrss", key: str | None = None, **body: Any) -> Any:  # fmt: skip
    path = f"/api/cases/{case['id']}/{action}" + ("?issue=true" if issue else "")
    headers = {"Idempotency_Key": key} if key else {}
    answer = counter.ask("POST", path, role, office=office, body=body, version=case["version"], **headers)
    assert answer.status_code == status, answer.text
    if status == 201:
        case["version"] = answer.json["case"]["version"]
    return answer


@pytest.fixture
def case(counter: Counter) -> dict[str, Any]:
    """A case filed and inspected."""
    case = counter.receive()
    act(counter, case, "file", **wire("file"))
    act(counter, case, "inspect", **wire("inspect"))
    return case


@pytest.fixture
def ordered(counter: Counter, case: dict[str, Any]) -> dict[str, Any]:
    """One with an order made out."""
    act(counter, case, "order", issue=True, **wire("order", "document_no"))
    return case


def papers(counter: Counter, case: dict[str, Any], role: str = "inspector_lead", **more: Any) -> dict[str, Any]:
    answer = counter.ask("GET", f"/api/cases/{case['id']}/papers", role, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


class TestMakingOut:
    def test_with_the_entry_answers_with_its_number(self, counter: Counter, case):
        answer = act(counter, case, "order", issue=True, **wire("order", "document_no"))

        assert (answer.json["event"]["event"], answer.json["event"]["data"]["document_no"]) == ("CaseOrdered", FIRST)
        assert answer.headers["ETag"] == '"5"'

    def test_with_the_entry_is_answered_again_to_the_letter(self, counter: Counter, case):
        seen = dict(case)
        first = act(counter, case, "order", issue=True, key="k", **wire("order", "document_no"))
        again = act(counter, seen, "order", issue=True, key="k", **wire("order", "document_no"))

        assert (first.data, first.headers["Position"]) == (again.data, again.headers["Position"])
        assert len(papers(counter, case)["issued"]) == 1

    def test_is_another_question_than_not_making_out(self, counter: Counter, case):
        seen = dict(case)
        act(counter, case, "order", key="k", **wire("order"))

        answer = act(counter, seen, "order", 422, issue=True, key="k", **wire("order"))
        assert answer.json["type"] == "urn:qingxin:key-reused"

    @pytest.mark.parametrize(("clock", "made"), [("C01", ["supplement_notice"]), ("C02", None)])
    def test_goes_by_the_clock_that_stands_still(self, counter: Counter, decided, clock, made):
        """What a complainant is to bring is asked for in writing (补正); an investigation that waits has no paper of its own."""
        decided(suspension_allowed="1")
        case = counter.receive()
        if clock == "C02":
            act(counter, case, "file", **wire("file"))
        said = {"on": "2026-03-02", "clock": clock, "reason": "补交考勤记录", "approved_by": "head.1"}

        act(counter, case, "suspend", 201 if made else 422, issue=True, **said)

        assert [one["paper"] for one in papers(counter, case)["issued"]] == (made or [])

    def test_needs_a_number_where_none_is_taken(self, counter: Counter, case):
        answer = act(counter, case, "notify", 422, **wire("notify", "document_no"))

        assert answer.json["errors"][0]["pointer"] == "/document_no"
        act(counter, case, "notify", issue=True, **wire("notify", "document_no"))
        assert papers(counter, case)["issued"][0]["document_no"] == "秦州人社监先告字〔2026〕第0001号"

    @pytest.mark.parametrize("issue", [True, False])
    @pytest.mark.parametrize("typed", [FIRST, "秦州人社监令字[2026]第0009号", "秦州人社监令字 (2026) 第9号"])
    def test_takes_no_number_that_only_the_register_gives(self, counter: Counter, case, typed, issue):
        answer = act(counter, case, "order", 422, issue=issue, **wire("order", document_no=typed))

        assert answer.json["errors"][0]["pointer"] == "/document_no"
        act(counter, case, "order", issue=issue, **wire("order", document_no="甘社监令〔2026〕9号"))

    def test_afterwards_answers_as_any_action_does(self, counter: Counter, case):
        answer = act(counter, case, "issue", on="2026-03-02", paper="filing_approval", entry=2)

        assert answer.json["event"]["event"] == "CaseIssued"
        assert answer.json["event"]["data"]["media_type"] == "application/pdf"
        assert "立案审批表" in answer.json["event"]["sentence"]

    @pytest.mark.parametrize(
        ("paper", "entry"), [("closing_approval", 2), ("filing_approval", 99), ("filing_approval", 1)]
    )
    def test_for_another_entry_is_refused(self, counter: Counter, case, paper, entry):
        answer = act(counter, case, "issue", 422, on="2026-03-02", paper=paper, entry=entry)

        assert answer.json["type"] == "urn:qingxin:no-paper-for"

    def test_is_for_who_may_do_what_it_puts_in_writing(self, counter: Counter, case):
        act(counter, case, "issue", 403, role="intake", on="2026-03-02", paper="filing_approval", entry=2)
        act(counter, case, "issue", role="intake", on="2026-03-02", paper="complaint_register", entry=1)

        assert {each["paper"] for each in papers(counter, case, "intake")["possible"]} == {
            "complaint_register",
            "inquiry_notice",
        }
        assert papers(counter, case, "auditor")["possible"] == []

    def test_says_no_more_of_a_query_it_does_not_know(self, counter: Counter, case):
        answer = counter.ask(
            "POST", f"/api/cases/{case['id']}/order?isue=true", body=wire("order"), version=case["version"]
        )

        assert answer.status_code == 422


class TestReading:
    def test_lists_what_there_is_and_what_there_may_be(self, counter: Counter, ordered):
        found = papers(counter, ordered)

        [made] = found["issued"]
        assert (made["paper"], made["word"], made["entry"], made["document_no"], made["void"]) == (
            "rectification_order", "限期改正指令书", 4, FIRST, False,
        )  # fmt: skip
        assert found["possible"][0] == {
            "paper": "inspection_record", "word": "现场检查笔录", "entry": 3, "event": "CaseInspected", "on": "2026-03-02",
            "numbered": False,
        }  # fmt: skip

    def test_gives_the_pdf_under_its_name(self, counter: Counter, ordered):
        [made] = papers(counter, ordered)["issued"]

        with counter.ask("GET", f"/api/cases/{ordered['id']}/attachments/{made['sha256']}") as sent:
            assert sent.mimetype == "application/pdf"
            assert sent.data.startswith(b"%PDF-")
            assert hashlib.sha256(sent.data).hexdigest() == made["sha256"]
            assert "filename*=UTF-8''" in sent.headers["Content-Disposition"]

    def test_shows_the_register_with_void_numbers_in_their_place(self, counter: Counter, ordered, catch_up):
        act(counter, ordered, "void", on="2026-03-02", document_no=FIRST, reason="金额有误", approved_by="head.1")
        act(counter, ordered, "issue", on="2026-03-02", paper="rectification_order", entry=4)
        catch_up()

        answer = counter.ask("GET", "/api/numbers?office=620502-hrss&paper=rectification_order&year=2026")
        assert [(row["nth"], row["void"], row["void_reason"], row["case"]) for row in answer.json] == [
            (2, False, None, ordered["id"]),
            (1, True, "金额有误", ordered["id"]),
        ]
        [first, _] = papers(counter, ordered)["issued"]
        assert (first["void"], first["void_reason"]) == (True, "金额有误")
        assert counter.ask("GET", "/api/numbers?year=2025").json == []

    def test_shows_a_number_void_whose_paper_was_revoked(self, counter: Counter, ordered, catch_up):
        act(counter, ordered, "revoke", on="2026-03-02", version=5, reason="误制", approved_by="head.1")
        act(counter, ordered, "issue", on="2026-03-02", paper="rectification_order", entry=4)
        catch_up()

        rows = counter.ask("GET", "/api/numbers?office=620502-hrss").json
        assert [(row["nth"], row["void"], row["void_reason"]) for row in rows] == [(2, False, None), (1, True, "误制")]

    def test_shows_the_register_page_by_page(self, counter: Counter, ordered, catch_up):
        act(counter, ordered, "notify", issue=True, **wire("notify", "document_no"))
        catch_up()

        first = counter.ask("GET", "/api/numbers?limit=1")
        further = counter.ask("GET", first.headers["Link"].split(">")[0][1:])
        assert [row["paper"] for row in first.json + further.json] == ["prior_notice", "rectification_order"]

    @pytest.mark.parametrize(
        ("place", "many"), [("620502-hrss", 1), ("620500-hrss", 1), ("620503-hrss", 0), ("620500-housing", 0)]
    )
    def test_shows_the_registers_within_sight(self, counter: Counter, ordered, catch_up, place, many):
        catch_up()

        assert len(counter.ask("GET", "/api/numbers", office=place).json) == many


class TestHandingOver:
    """A paper about what concerns an official is as hidden as the entry."""

    @pytest.fixture
    def handed(self, counter: Counter, case: dict[str, Any], catch_up) -> dict[str, Any]:
        facts = wire("refer", kind="discipline", to="620500-discipline", reason="推诿扯皮")
        act(counter, case, "refer", issue=True, **{**facts, "on": "2026-03-02"})
        catch_up()
        return case

    def made(self, counter: Counter, case: dict[str, Any]) -> dict[str, Any]:
        [found] = papers(counter, case, "auditor", office="620500-discipline")["issued"]
        return found

    def test_shows_it_to_discipline_inspection_and_the_auditors_alone(self, counter: Counter, handed):
        made = self.made(counter, handed)
        path = f"/api/cases/{handed['id']}/attachments/{made['sha256']}"

        assert made["document_no"] == "秦州人社监纪移字〔2026〕第0001号"
        assert papers(counter, handed)["issued"] == []
        assert counter.ask("GET", path).status_code == 404
        with counter.ask("GET", path, "auditor", office="620500-discipline") as sent:
            assert sent.status_code == 200

    def test_leaves_nothing_in_the_register_for_others(self, counter: Counter, handed):
        assert counter.ask("GET", "/api/numbers").json == []
        assert len(counter.ask("GET", "/api/numbers", "auditor", office="620500-discipline").json) == 1

    def test_answers_as_if_there_were_nothing(self, counter: Counter, handed):
        made = self.made(counter, handed)

        act(counter, handed, "issue", 422, on="2026-03-02", paper="discipline_handover", entry=made["entry"])
        facts = {"on": "2026-03-02", "document_no": made["document_no"], "reason": "r", "approved_by": "head.1"}
        before = act(counter, handed, "void", 409, **facts)
        assert before.json["type"] == "urn:qingxin:too-early"  # as for a case on which no paper was made out
        act(counter, handed, "issue", on="2026-03-02", paper="filing_approval", entry=2)
        assert act(counter, handed, "void", 422, **facts).json["type"] == "urn:qingxin:no-such-issued"
