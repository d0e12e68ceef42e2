"""Every route, asked in every role from every kind of place, does what ``decide`` says.

The routes are those of the application itself: one that this page does not know fails the last test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.case import Case
from domain.codes import ROLES
from domain.powers import SHARED, Actor, Place, decide
from domain.records import RECORDS, opener
from interface.api.records import PLURALS
from tests.conftest import RECEIVED, Counter
from tests.interface.conftest import OFFICE, OPENING, OURS, WITHOUT_INDUSTRY

PLACES = (
    "620502-hrss", "620503-hrss", "620500-hrss", "620500-housing", "620500-transport", "620500-discipline", "620502-bank",
)  # fmt: skip


class Asked:
    """What is expected of one officer at one place."""

    def __init__(self, counter: Counter, role: str, place: str, ids: dict[str, str]):
        self.counter, self.role, self.place, self.ids = counter, role, place, ids
        self.actor = Actor("x", role, place, place[:6])
        self.known: set[str] = set()

    def ask(self, method: str, rule: str, path: str, **more: Any) -> Any:
        self.known.add(f"{method} {rule}")
        return self.counter.ask(method, path, self.role, office=self.place, **more)

    def expect(self, status: int, method: str, rule: str, path: str | None = None, **more: Any) -> Any:
        answer = self.ask(method, rule, path or rule, **more)
        assert answer.status_code == status, (self.role, self.place, method, path or rule, answer.text)
        return answer

    def denied(self, action: str, record: Place | None = None) -> int | None:
        """The status of a denial, or None where the law has the next word."""
        decision = decide(self.actor, action, record)
        return None if decision.allowed else 403 if decision.visible else 404


def place_of(sort: str) -> Place:
    return Place("620502", None if sort in WITHOUT_INDUSTRY else "housing", {OFFICE})


def cases(asked: Asked) -> None:
    id = asked.ids["case"]
    for action in Case.actions:
        if action == "receive":
            denied = asked.denied("receive", Place("620502"))
            asked.expect(denied or 201, "POST", "/api/cases", body={"on": "2026-03-02", **RECEIVED})
            continue
        status = (
            415 if action == "attach" else asked.denied(action, OURS) or 422
        )  # a form is asked for before anything else
        asked.expect(status, "POST", f"/api/cases/<ref>/{action}", f"/api/cases/{id}/{action}", version=1, body={})
    for path in ("", "/history", "/clocks", "/escalation", "/papers"):
        asked.expect(asked.denied("read", OURS) or 200, "GET", f"/api/cases/<ref>{path}", f"/api/cases/{id}{path}")
    asked.expect(
        asked.denied("read", OURS) or 404,
        "GET",
        "/api/cases/<ref>/attachments/<sha256>",
        f"/api/cases/{id}/attachments/0",
    )
    asked.expect(
        asked.denied("duplicates", OURS) or 200, "GET", "/api/cases/<ref>/duplicates", f"/api/cases/{id}/duplicates"
    )
    asked.expect(
        asked.denied("contact", OURS) or 200,
        "POST",
        "/api/cases/<ref>/contact",
        f"/api/cases/{id}/contact",
        body={"purpose": "核实"},
    )
    asked.expect(asked.denied("duplicates") or 200, "POST", "/api/cases/duplicates", body={})
    sees = asked.actor.scope.covers(OURS)
    listed = asked.expect(asked.denied("read") or 200, "GET", "/api/cases")
    assert (id in {case["id"] for case in listed.json}) == sees
    if sees:
        shown = asked.counter.ask("GET", f"/api/cases/{id}", asked.role, office=asked.place).json
        assert set(shown["may"]) <= {action for action in Case.actions if decide(asked.actor, action, OURS).allowed}


def records(asked: Asked, sort: str) -> None:
    record, path, id, place = RECORDS[sort], f"/api/{PLURALS[sort][0]}", asked.ids[sort], place_of(sort)
    first = opener(record)
    body = {"on": "2026-03-10", "division": "620502", **OPENING[sort]}
    if sort == "employer":
        body["employer"] = {"name": f"另一家{asked.role}{asked.place}"}
    asked.expect(asked.denied(f"{sort}.{first}", Place("620502", place.industry)) or 201, "POST", path, body=body)
    for action in record.actions:
        if action == first:
            continue
        status = 415 if action in ("screen", "attach") else asked.denied(f"{sort}.{action}", place) or 422
        asked.expect(status, "POST", f"{path}/<ref>/{action}", f"{path}/{id}/{action}", version=1, body={})
    for tail in ("", "/history", "/clocks"):
        asked.expect(asked.denied(f"{sort}.read", place) or 200, "GET", f"{path}/<ref>{tail}", f"{path}/{id}{tail}")
    if "issue" in record.actions:
        asked.expect(asked.denied(f"{sort}.read", place) or 200, "GET", f"{path}/<ref>/papers", f"{path}/{id}/papers")
    if {"attach", "issue"} & set(record.actions):
        rule = f"{path}/<ref>/attachments/<sha256>"
        asked.expect(asked.denied(f"{sort}.read", place) or 404, "GET", rule, f"{path}/{id}/attachments/0")
    listed = asked.expect(asked.denied("read") or 200, "GET", f"{path}?limit=500").json
    asked.known.add(f"GET {path}")
    assert (id in {row["id"] for row in listed}) == (sort in SHARED or asked.actor.scope.covers(place)), (
        sort,
        asked.role,
        asked.place,
    )


def others(asked: Asked) -> None:
    for path, action in (
        ("journal", "journal"), ("reports", "reports"), ("queue", "read"), ("escalation", "read"), ("escalation/rules", "read"),
        ("numbers", "read"), ("rulebook", "read"), ("rulebook/history", "read"), ("periods", "reports"), ("oversight", "oversight"),
    ):  # fmt: skip
        asked.expect(asked.denied(action) or 200, "GET", f"/api/{path}")
    asked.expect(asked.denied("reports") or 200, "GET", "/api/reports/<name>", "/api/reports/six-mechanisms")
    asked.expect(asked.denied("read") or 409, "GET", "/api/revisits")  # until the office has decided when
    asked.expect(asked.denied("read") or 200, "GET", "/api/draws/candidates", "/api/draws/candidates?purpose=revisit")
    due = "/api/projects/<ref>/deposit"
    asked.expect(asked.denied("project.read", OURS) or 409, "GET", due, f"/api/projects/{asked.ids['project']}/deposit")
    asked.expect(422, "POST", "/api/escalation/dry-run", body={})
    asked.expect(422, "POST", "/api/status", body={})
    for action in RECORDS["rulebook"].actions:
        asked.expect(asked.denied(f"rulebook.{action}") or 428, "POST", f"/api/rulebook/{action}", body={})
    seen = asked.ask("GET", "/api/rulebook", "/api/rulebook").headers["ETag"]
    body = {"on": "2026-03-10", "text": "x"}
    asked.expect(asked.denied("rulebook.note") or 201, "POST", "/api/rulebook/note", body=body, If_Match=seen)
    gone = "00000000-0000-0000-0000-000000000000"
    for tail in ("", "/restatement"):
        asked.expect(asked.denied("reports") or 404, "GET", f"/api/periods/<ref>{tail}", f"/api/periods/{gone}{tail}")
    asked.expect(422, "POST", "/api/periods", body={})


def the_routes(counter: Counter) -> Iterator[str]:
    for rule in counter.client.application.url_map.iter_rules():
        if rule.rule.startswith("/api/") and "docs" not in rule.rule and "openapi" not in rule.rule:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield f"{method} {rule.rule}"


@pytest.mark.parametrize("place", PLACES)
def test_every_route_asks_decide_whatever_the_role(counter: Counter, ids, place):
    for role in ROLES:
        asked = Asked(counter, role, place, ids)
        cases(asked)
        for sort in PLURALS:
            records(asked, sort)
        others(asked)

    assert set(the_routes(counter)) <= asked.known


def test_what_may_not_be_known_is_answered_like_what_is_not_there(counter: Counter, ids):
    for path, id in (("cases", ids["case"]), ("projects", ids["project"]), ("draws", ids["draw"])):
        hidden = counter.ask("GET", f"/api/{path}/{id}", office="620503-hrss")
        missing = counter.ask("GET", f"/api/{path}/00000000-0000-0000-0000-000000000000", office="620503-hrss")

        assert (hidden.status_code, hidden.data) == (missing.status_code, missing.data)
