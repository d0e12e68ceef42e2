"""Every route, asked in every role from every kind of place, does what ``decide`` says."""

from __future__ import annotations

import pytest

from domain.case import Case
from domain.codes import ROLES
from domain.powers import Actor, Place, decide
from tests.conftest import Counter

PLACES = (
    "620502-hrss",
    "620503-hrss",
    "620500-hrss",
    "620500-housing",
    "620500-transport",
    "620500-discipline",
    "620502-bank",
)
CASE = Place("620502", "housing", {"620502-hrss"})
READS = {"": "read", "/history": "read", "/clocks": "read"}


@pytest.fixture
def case(counter: Counter, catch_up):
    case = counter.receive(industry="housing", contact={"name": "张三"})
    catch_up()
    return case


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_every_route_asks_decide(counter: Counter, case, role, place):
    actor = Actor("x", role, place, place[:6])

    def expected(action: str) -> int | None:
        """The status of a denial, or None where the law has the next word."""
        decision = decide(actor, action, CASE)
        return None if decision.allowed else 403 if decision.visible else 404

    for action in Case.actions:
        if action == "receive":
            continue
        answer = counter.ask("POST", f"/api/cases/{case['id']}/{action}", role, office=place, version=1, body={})
        denied = expected(action)
        if action == "attach":  # wants a form, and says so before anything else
            denied = 415
        assert answer.status_code == (denied or 422), (action, answer.text)
    for path, action in READS.items():
        answer = counter.ask("GET", f"/api/cases/{case['id']}{path}", role, office=place)
        assert answer.status_code == (expected(action) or 200), path
    answer = counter.ask("POST", f"/api/cases/{case['id']}/contact", role, office=place, body={"purpose": "核实"})
    assert answer.status_code == (expected("contact") or 200)
    listed = counter.ask("GET", "/api/cases", role, office=place)
    assert [c["id"] for c in listed.json] == ([case["id"]] if actor.scope.covers(CASE) else [])
    for path, action in (
        ("journal", "journal"),
        ("reports", "reports"),
        ("reports/six-mechanisms", "reports"),
        ("queue", "read"),
    ):
        answer = counter.ask("GET", f"/api/{path}", role, office=place)
        assert answer.status_code == (200 if decide(actor, action).allowed else 403), path
    answer = counter.ask("GET", f"/api/cases/{case['id']}", role, office=place)
    if answer.status_code == 200:
        assert set(answer.json["may"]) <= {a for a in Case.actions if decide(actor, a, CASE).allowed}


def test_what_may_not_be_known_is_answered_like_what_is_not_there(counter: Counter, case):
    hidden = counter.ask("GET", f"/api/cases/{case['id']}", office="620503-hrss")
    missing = counter.ask("GET", "/api/cases/00000000-0000-0000-0000-000000000000", office="620503-hrss")

    assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
