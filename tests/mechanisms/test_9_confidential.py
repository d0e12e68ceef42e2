"""What concerns an official stands on the case, and nobody but discipline inspection and the auditors can learn that it does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Counter
from tests.mechanisms.conftest import AUDIT, CITY, COUNTY, HOUSING, Desks

REFERRAL = {"kind": "discipline", "to": "620500-discipline", "reason": "推诿扯皮,线索移交", "approved_by": "office.2"}
SUPER = {"role": "supervisor", "office": CITY}
DISCIPLINE = {"role": "supervisor", "office": AUDIT}


@pytest.fixture
def pair(desks: Desks, counter: Counter) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two cases alike, one of them with a referral to discipline inspection."""
    clean, referred = counter.receive(), counter.receive()
    desks.act("cases", referred, "refer", **REFERRAL, **SUPER)
    return clean, referred


def test_what_may_be_done_tells_nothing(desks: Desks, pair):
    clean, referred = pair

    assert desks.get(f"cases/{clean['id']}")["may"] == desks.get(f"cases/{referred['id']}")["may"]
    answer = {"from": "police", "result": "x"}
    desks.act("cases", clean, "answer", 409, **answer)
    desks.act("cases", referred, "answer", 409, **answer)


def test_it_can_be_corrected_and_revoked_only_by_who_may_know(desks: Desks, pair):
    _, referred = pair
    change = {"version": 2, "field": "reason", "value": "另一线索", "reason": "r", "approved_by": "head.1"}
    revoke = {"version": 2, "reason": "r", "approved_by": "head.1"}

    for action, facts in (("correct", change), ("correct", {**change, "version": 99}), ("revoke", revoke)):
        found = desks.act("cases", referred, action, 422, **facts)
        assert found["type"] == "urn:qingxin:no-such-entry"


@pytest.mark.parametrize(
    "body", ["中共天水市纪律检查委员会", "天水市监察委员会", "620500-discipline", "市纪委监委", "某某同志"]
)
def test_the_answer_is_as_confidential_as_the_referral(desks: Desks, pair, body):
    _, referred = pair
    referred.update(desks.get(f"cases/{referred['id']}", **DISCIPLINE))
    answered = desks.ask("POST", f"cases/{referred['id']}/answer", 403, body={"on": "2026-03-10", "from": body, "result": "对某科长立案审查"},
                         version=referred["version"], **DISCIPLINE)  # fmt: skip
    assert answered["status"] == 403  # discipline inspection looks on; the city's head takes its answer in
    head = desks.ask("POST", f"cases/{referred['id']}/answer", 409, body={"on": "2026-03-10", "from": body, "result": "对某科长立案审查"},
                     version=referred["version"], role="office_head", office=CITY)  # fmt: skip
    assert "立案审查" not in str(head)


def test_an_amendment_of_it_is_hidden_with_it(desks: Desks, pair, office, catch_up):
    from application.office import Command, today
    from domain.record import Signature

    _, referred = pair
    case = office.case(referred["id"])
    signature = Signature("d.1", "office_head", "620500-discipline", "2026-03-12", today())
    facts = {"version": 2, "field": "reason", "value": "更正后的线索", "reason": "补充", "approved_by": "d.2"}
    office.act(case, "correct", facts, signature, Command.new())

    for role, place, known in (
        ("inspector_lead", COUNTY, False),
        ("office_head", CITY, False),
        ("auditor", AUDIT, True),
    ):
        history = str(desks.get(f"cases/{referred['id']}/history", role=role, office=place))
        assert ("更正后的线索" in history) == known
    with office.datastore.get_connection() as connection:
        rows = connection.execute("SELECT confidential FROM journal WHERE event = 'CaseCorrected'").fetchall()
    assert rows == [(True,)]


def test_the_list_of_idle_cases_tells_nothing(desks: Desks, pair, decided):
    decided()
    clean, referred = pair

    def idle(role: str, office: str) -> dict[str, Any]:
        found = desks.get("oversight?kind=idle&from=2026-01-01&to=2026-12-31", role=role, office=office)["findings"]
        return {each["number"]: (each["day"], len(each["events"])) for each in found}

    seen = idle("office_head", CITY)
    assert seen[clean["number"]] == seen[referred["number"]]


def test_the_figure_is_told_by_county_and_whole_months_and_no_closer(desks: Desks, pair):
    head = {"role": "office_head", "office": CITY}

    def told(query: str, **who: str) -> Any:
        return desks.get(f"reports/six-mechanisms?{query}", **(who or head))["values"]["discipline_referrals"]

    month = "from=2026-03-01&to=2026-03-31"
    assert told(month) == 1
    for part in ("from=2026-03-10&to=2026-03-10", "from=2026-03-01&to=2026-03-30", "from=2026-02-15&to=2026-03-30"):
        assert told(part) is None  # no month is whole in it, and nought would be a number
    for closer in ("by=office", "by=officer", "by=channel", "by=industry"):
        assert told(f"{month}&{closer}") is None
    assert [told(f"from=2026-01-01&to=2026-{day}") for day in ("03-01", "03-15", "03-30", "03-31", "04-02")] == [
        0,
        0,
        0,
        1,
        1,
    ]
    assert [told(f"from=2026-01-01&to=2026-12-31&on=2026-{day}") for day in ("03-01", "03-30", "03-31")] == [0, 0, 1]
    assert told("from=2026-01-01&to=2027-12-31") == 1
    assert told(month, role="inspector_lead", office=COUNTY) == 1
    assert told(month, role="project_keeper", office=HOUSING) is None
    assert told("from=2026-03-10&to=2026-03-10", role="auditor", office=AUDIT) == 1


def test_no_entry_of_it_is_counted_where_entries_are(desks: Desks, pair):
    """F19 counts entries: that of the referral would tell of its day."""
    day = "from=2026-03-10&to=2026-03-10&by=division"

    for who in ({"role": "office_head", "office": CITY}, {"role": "auditor", "office": AUDIT}):
        figures = desks.get(f"reports/closed-loop?{day}", **who)["values"]
        assert figures["F19"]["denominator"] == len(
            [
                line
                for line in desks.get("journal?from=2026-03-10&to=2026-03-10&limit=500", role="auditor", office=AUDIT)
                if line["event"].startswith("Case") and line["kind"] != "discipline"
            ]
        )
