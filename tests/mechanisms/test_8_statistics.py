"""What is counted: as known earlier it differs exactly by what was recorded since; corrected and revoked entries move it; nobody's scope is left."""

from __future__ import annotations

from collections import Counter as Tally
from decimal import Decimal
from typing import Any

from tests.conftest import FACTS, Counter
from tests.mechanisms.conftest import AUDIT, CITY, HOUSING, PROJECT, Desks

SESSION = {
    "kind": "policy",
    "topic": "条例",
    "division": "620502",
    "attendance": 9,
    "leaflets": 30,
    "consultations": 4,
    "industry": "housing",
}
VISIT = {
    "kind": "routine",
    "employer": {"name": "卦台水利"},
    "division": "620502",
    "inspectors": ["a", "b"],
    "industry": "housing",
}
WINDOW = "from=2026-01-01&to=2026-12-31&division=620500"
HEAD = {"role": "office_head", "office": CITY}


def a_day(desks: Desks, counter: Counter, document: str) -> dict[str, Any]:
    """What a county does on a day, through every mechanism."""
    case = counter.receive(industry="housing")
    for action, facts in (
        ("file", FACTS["file"]), ("inspect", FACTS["inspect"]),
        ("order", {**FACTS["order"], "document_no": document, "due_on": "2026-03-20"}), ("pay", FACTS["pay"]),
    ):  # fmt: skip
        desks.act("cases", case, action, **facts)
    project = desks.post("projects", **PROJECT)
    desks.act("projects", project, "supervise", tier=1, inspectors=["a", "b"])
    desks.post("inspections", **VISIT)
    desks.post("trainings", **SESSION)
    return case


def counted(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures that add up, counted by hand from lines of the journal."""
    events = Tally(line["event"] for line in lines)
    paid = [line for line in lines if line["event"] == "CasePaid" and line["kind"] == "arrears"]
    trainings = [line["data"] for line in lines if line["event"] == "TrainingHeld"]
    return {
        "clues_received": events["CaseReceived"],
        "inspection_visits": events["CaseInspected"] + events["InspectionMade"],
        "rectification_orders": events["CaseOrdered"] + events["InspectionOrdered"],
        "sites_supervised": len({line["record"] for line in lines if line["event"] == "ProjectSupervised"}),
        "trainings": len(trainings),
        "leaflets": sum(training["leaflets"] for training in trainings),
        "consultations": sum(training["consultations"] for training in trainings),
        "arrears_recovered": sum(Decimal(line["amount"]) for line in paid),
        "persons_paid": sum(line["persons"] for line in paid),
    }


def figures(report: dict[str, Any]) -> dict[str, Any]:
    values = report["values"]
    return {name: Decimal(values[name]) for name in counted([])}


def report(desks: Desks, **asked: str) -> dict[str, Any]:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    return dict(desks.get(f"reports/six-mechanisms?{WINDOW}{more}", **HEAD))


def test_the_report_as_known_earlier_differs_exactly_by_what_was_recorded_since(desks: Desks, counter: Counter):
    a_day(desks, counter, "令〔2026〕1号")
    earlier = report(desks)
    known, seq = earlier["stamp"]["known"], earlier["stamp"]["seq"]
    a_day(desks, counter, "令〔2026〕2号")
    a_day(desks, counter, "令〔2026〕3号")

    now, then = report(desks), report(desks, known=known)

    assert then["values"] == earlier["values"]
    lines = desks.get("journal?limit=500", role="auditor", office=AUDIT)
    since = counted([line for line in lines if line["seq"] > seq])
    assert {name: figures(now)[name] - figures(then)[name] for name in since} == since
    assert since["clues_received"] == 2


def test_a_revoked_order_and_a_corrected_payment_move_the_figures_and_not_the_past(desks: Desks, counter: Counter):
    case = a_day(desks, counter, "令〔2026〕1号")
    before = report(desks)
    desks.act("cases", case, "revoke", version=4, reason="复议撤销", approved_by="head.1", role="body_head")
    desks.act(
        "cases", case, "correct", version=5, field="amount", value="50000.00", reason="录入错误", approved_by="head.1"
    )

    after = report(desks)

    assert (before["values"]["rectification_orders"], after["values"]["rectification_orders"]) == (1, 0)
    assert (before["values"]["arrears_recovered"], after["values"]["arrears_recovered"]) == ("60000.00", "50000.00")
    assert report(desks, known=before["stamp"]["known"])["values"] == before["values"]


def test_each_sees_its_own_in_the_figures(desks: Desks, counter: Counter):
    a_day(desks, counter, "令〔2026〕1号")
    counter.receive(industry="transport")

    def clues(role: str, office: str, division: str) -> int:
        path = f"reports/six-mechanisms?from=2026-01-01&to=2026-12-31&division={division}"
        return int(desks.get(path, role=role, office=office)["values"]["clues_received"])

    assert clues("office_head", CITY, "620500") == 2
    assert clues("auditor", AUDIT, "620500") == 2
    assert clues("project_keeper", HOUSING, "620500") == 1
    assert clues("project_keeper", "620500-water", "620500") == 0
    assert clues("inspector_lead", "620503-hrss", "620503") == 0
    desks.get("reports/six-mechanisms?division=620502", 403, role="inspector_lead", office="620503-hrss")


def test_every_county_has_its_line_and_they_add_up(desks: Desks, counter: Counter):
    a_day(desks, counter, "令〔2026〕1号")

    answer = report(desks, by="division")

    groups = {group["by"]: group["values"] for group in answer["groups"]}
    assert set(groups) == {"620502", "620503", "620521", "620522", "620523", "620524", "620525"}
    assert sum(values["clues_received"] for values in groups.values()) == answer["values"]["clues_received"]
