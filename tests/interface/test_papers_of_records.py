"""Papers of the sanction list and of inspections: made out under the next number, fetched, void, numbered; told to who may know."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Counter
from tests.interface.conftest import Window, text_of
from tests.mechanisms.conftest import CITY, COUNTY, Desks

FIRM = {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}
HEAD = {"role": "office_head", "office": CITY}
NOTICE = {"ground": "mass_incident", "subjects": ["unit", "legal_representative"], "order_due_on": "2026-03-02", "persons": 14,
          "amount": "120000.00"}  # fmt: skip
INSPECTION = {"kind": "four_no_two_direct", "employer": FIRM, "division": "620502", "inspectors": ["lead.1", "second.1"],
              "results": [{"item": "ACC-1", "result": "fail"}], "project": "滨河路安置房二期", "finding": "未开设专用账户"}  # fmt: skip
LISTING = {"subjects": ["unit"], "basis": "人社部令45第五条", "approved_by": "office.2", "on": "2026-03-30"}
DUE = {"due_on": "2026-03-17", "basis": "条例第五十五条", "persons": 14, "amount": "120000.00"}


@pytest.fixture
def desks(counter: Counter, catch_up: Callable[[], int]) -> Desks:
    return Desks(counter, catch_up)


@pytest.fixture
def firm(desks: Desks) -> dict[str, Any]:
    """An employer's file."""
    return dict(desks.post("employers", employer=FIRM, division="620502"))


@pytest.fixture
def visit(desks: Desks) -> dict[str, Any]:
    """An inspection on which something failed."""
    return dict(desks.post("inspections", **INSPECTION))


def made(desks: Desks, sort: str, record: dict[str, Any], action: str, status: int = 201, **facts: Any) -> Any:
    """Do an act and make its paper out."""
    answer = desks.ask("POST", f"{sort}/{record['id']}/{action}?issue=true", status, role=facts.pop("role", "inspector_lead"),
                       office=facts.pop("office", COUNTY), body={"on": "2026-03-10", **facts}, version=record["version"])  # fmt: skip
    if status == 201:
        record.update(answer[next(name for name in answer if name != "event")])
    return answer


def papers(desks: Desks, sort: str, record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return dict(desks.get(f"{sort}/{record['id']}/papers", **more))


class TestTheSanctionList:
    def test_is_told_of_decided_published_and_left_each_on_paper(self, desks: Desks, firm):
        told = made(desks, "employers", firm, "notify", **NOTICE)
        listed = made(desks, "employers", firm, "list", **LISTING)
        desks.act("employers", firm, "publicise", level="city", channel="门户网站", on="2026-03-31")
        left = made(
            desks,
            "employers",
            firm,
            "delist",
            kind="revoked",
            reason="原决定被撤销",
            approved_by="office.2",
            on="2026-04-01",
        )

        numbers = [answer["event"]["data"]["document_no"] for answer in (told, listed, left)]
        assert numbers == [f"秦州人社监{mark}字〔2026〕第0001号" for mark in ("列告", "列决", "移决")]
        found = papers(desks, "employers", firm)
        assert [(one["paper"], one["document_no"]) for one in found["issued"]] == list(
            zip(("listing_notice", "listing_decision", "removal_decision"), numbers, strict=True)
        )
        assert {one["paper"] for one in found["possible"]} == {"publication_text"}

    def test_gives_the_bytes_that_the_file_has_the_fingerprint_of(self, desks: Desks, firm, counter: Counter):
        made(desks, "employers", firm, "notify", **NOTICE)
        [one] = papers(desks, "employers", firm)["issued"]

        answer = counter.ask("GET", f"/api/employers/{firm['id']}/attachments/{one['sha256']}")

        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF-")
        assert hashlib.sha256(answer.data).hexdigest() == one["sha256"]
        assert desks.get(f"employers/{firm['id']}/history")[-1]["data"]["sha256"] == one["sha256"]

    def test_refuses_a_number_that_only_the_register_gives_and_asks_for_one_where_no_paper_is_made(
        self, desks: Desks, firm
    ):
        typed = desks.act("employers", firm, "notify", 422, **NOTICE, document_no="秦州人社监列告字〔2026〕第0009号")
        asked = desks.act("employers", firm, "notify", 422, **NOTICE)

        assert typed["type"].endswith("number-of-the-register")
        assert [each["pointer"] for each in asked["errors"]] == ["/document_no"]
        assert papers(desks, "employers", firm) == {"possible": [], "issued": []}
        desks.act("employers", firm, "notify", **NOTICE, document_no="天人社列告〔2026〕9号")  # a number of its own

    def test_is_put_in_writing_by_the_office_that_decided_alone(self, desks: Desks, firm):
        """The file of an employer is the whole city's; its papers are those of each office."""
        made(desks, "employers", firm, "notify", **NOTICE)
        [one] = papers(desks, "employers", firm)["issued"]
        void = {"document_no": one["document_no"], "reason": "x", "approved_by": "head.1"}
        elsewhere = {"office": "620503-hrss"}

        desks.act("employers", firm, "void", 403, **void, **elsewhere)
        desks.act("employers", firm, "void", **void)
        desks.act("employers", firm, "issue", 403, paper="listing_notice", entry=2, **elsewhere)
        assert papers(desks, "employers", firm, **elsewhere)["possible"] == []
        desks.act("employers", firm, "issue", paper="listing_notice", entry=2)

    def test_is_known_by_the_number_that_stands(self, desks: Desks, firm):
        made(desks, "employers", firm, "notify", **NOTICE)
        made(desks, "employers", firm, "list", **LISTING)
        desks.act(
            "employers",
            firm,
            "void",
            document_no=firm["listing"]["document_no"],
            reason="填写有误",
            approved_by="head.1",
            on="2026-03-30",
        )
        desks.act("employers", firm, "issue", paper="listing_decision", entry=firm["listing"]["entry"], on="2026-03-31")

        assert firm["listing"]["document_no"] == "秦州人社监列决字〔2026〕第0002号"


class TestAnInspection:
    def test_has_a_record_to_be_signed_and_an_order_under_the_next_number(self, desks: Desks, visit):
        order = made(desks, "inspections", visit, "order", **DUE)
        desks.act("inspections", visit, "issue", paper="inspection_record", entry=1)

        assert order["event"]["data"]["document_no"] == "秦州人社监令字〔2026〕第0001号"
        assert [one["paper"] for one in papers(desks, "inspections", visit)["issued"]] == [
            "rectification_order",
            "inspection_record",
        ]

    def test_shares_its_numbers_with_the_orders_of_cases(self, desks: Desks, visit, counter: Counter):
        made(desks, "inspections", visit, "order", **DUE)
        other = desks.post("inspections", **INSPECTION)

        second = made(desks, "inspections", other, "order", **DUE)

        assert second["event"]["data"]["document_no"].endswith("第0002号")
        rows = desks.get("numbers?paper=rectification_order")
        assert [(row["nth"], row["sort"], row["record"], row["case"]) for row in rows] == [
            (2, "inspection", other["id"], None), (1, "inspection", visit["id"], None),
        ]  # fmt: skip

    def test_made_void_keeps_its_number_and_takes_another(self, desks: Desks, visit):
        made(desks, "inspections", visit, "warn", text="未开设专用账户", owner="项目经理", due_on="2026-03-20")
        [first] = papers(desks, "inspections", visit)["issued"]
        desks.act(
            "inspections", visit, "void", document_no=first["document_no"], reason="填写有误", approved_by="head.1"
        )
        desks.act("inspections", visit, "issue", paper="warning_notice", entry=2)

        one, two = papers(desks, "inspections", visit)["issued"]
        assert (one["void"], two["void"]) == (True, False)
        assert two["document_no"].endswith("第0002号")
        assert [row["void"] for row in desks.get("numbers?paper=warning_notice")] == [False, True]

    def test_knows_its_order_by_the_number_that_stands(self, desks: Desks, visit):
        made(desks, "inspections", visit, "order", **DUE)
        first = visit["orders"]
        desks.act("inspections", visit, "void", document_no=first[0], reason="填写有误", approved_by="head.1")
        desks.act("inspections", visit, "issue", paper="rectification_order", entry=2)

        assert (first, visit["orders"]) == (["秦州人社监令字〔2026〕第0001号"], ["秦州人社监令字〔2026〕第0002号"])
        then = desks.get(f"inspections/{visit['id']}?version=3")
        assert then["orders"] == first

    def test_makes_nothing_void_where_nothing_was_made(self, desks: Desks, visit):
        void = {"document_no": "秦州人社监令字〔2026〕第0001号", "reason": "填写有误", "approved_by": "head.1"}

        assert desks.act("inspections", visit, "void", 409, **void)["type"].endswith("too-early")

    def test_refuses_what_no_paper_puts_in_writing_and_what_was_made_out_already(self, desks: Desks, visit):
        made(desks, "inspections", visit, "order", **DUE)

        assert desks.act("inspections", visit, "issue", 422, paper="listing_notice", entry=1)["type"].endswith(
            "no-paper-for"
        )
        again = desks.act("inspections", visit, "issue", 409, paper="rectification_order", entry=2)
        assert "已经制作" in again["detail"]


class TestWhoMayKnow:
    def test_an_office_that_may_not_record_it_is_offered_no_paper_and_makes_none(self, desks: Desks, visit):
        housing = {"role": "project_keeper", "office": "620500-housing"}

        desks.act("inspections", visit, "issue", 404, paper="inspection_record", entry=1, **housing)
        desks.get(f"inspections/{visit['id']}/papers", 404, **housing)
        assert papers(desks, "inspections", visit, role="legal_reviewer")["possible"] == []

    def test_an_office_of_the_city_finds_the_inspection_by_its_number(self, desks: Desks, visit):
        made(desks, "inspections", visit, "order", **DUE)

        [row] = desks.get("numbers", role="office_head", office="620500-task_force")
        assert row["document_no"].endswith("第0001号")
        assert row["record"] == visit["id"]


class TestOnThePage:
    def test_the_paper_is_made_with_the_act_and_stands_on_the_file_and_in_the_register(
        self, window: Callable[..., Window], desks: Desks, visit
    ):
        looking = window("inspector_lead")
        address = f"/inspections/{visit['id']}"
        desks.catch_up()
        assert 'name="issue"' in looking.see(f"{address}/do/order")

        looking.send(
            f"{address}/do/order",
            form_at=f"{address}/do/order",
            seen="1",
            command="c" * 20,
            on="2026-03-10",
            issue="1",
            **DUE,
        )
        desks.catch_up()

        page = looking.see(address)
        assert "秦州人社监令字〔2026〕第0001号" in text_of(page)
        assert f"{address}/files/" in page.replace(str(visit["number"]), str(visit["id"]))
        assert f"/inspections/{visit['id']}" in looking.see("/numbers")
