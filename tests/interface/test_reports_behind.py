"""What is opened behind a figure is as much as the figure says: for every figure of every report, however it is grouped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.powers import Actor
from projections.reports import REPORTS, Asked, Report, run
from projections.reports import behind as module
from projections.reports.asking import percent
from projections.reports.behind import DAYS, GATHERED, Behind
from projections.reports.cells import cells, is_rate
from tests.interface.test_demo import Loaded, city

WINDOW = {"since": date(2025, 1, 1), "until": date(2025, 4, 30)}
SUPERVISOR = Actor("super.x", "supervisor", "620500-rights_centre", "620500")
COUNTY = Actor("lead.x", "inspector_lead", "620502-hrss", "620502")
OPENED = ("six-mechanisms", "closed-loop", "trainings", "publications")


@pytest.fixture(scope="module")
def tianshui(server: str, template: str) -> Iterator[Loaded]:
    with city(server, template) as loaded:
        yield loaded


@pytest.fixture
def asked_once(monkeypatch):
    """What is worked out thing by thing is the same for all figures of one kind: here it is asked once for all of them."""
    worked: dict[Any, Any] = {}

    def once(connection: Any, report: Report, asked: Asked, moment: Any, kind: str, group: str | None) -> Any:
        key = (report.name, asked, kind, group is None)
        if key not in worked:
            worked[key] = list(asking(connection, report, asked, moment, kind, group))
        return worked[key]

    asking = module._worked
    monkeypatch.setattr(module, "_worked", once)


@pytest.mark.parametrize("name", OPENED)
def test_as_much_is_opened_as_every_figure_says(tianshui, asked_once, name):
    """In all, on a day of the past, and for the largest group by county, by month, by whatever the report is asked."""
    columns = REPORTS[name].by
    for who, bys, on in (
        (SUPERVISOR, (None, *columns), None),
        (SUPERVISOR, (None,), date(2025, 2, 20)),
        (COUNTY, (None, "division", "month"), None),
    ):
        for by in bys:
            asked = Asked.within(who.scope, **WINDOW, division=who.division, by=by, on=on)
            wrong, opened = compared(tianshui, REPORTS[name], asked)
            assert not wrong, (who.office, by, on)
            assert opened


def compared(tianshui: Loaded, report: Report, asked: Asked) -> tuple[list[Any], int]:
    """The cells of the figures that do not open as they say, and how many things were opened in all."""
    answer = run(tianshui.views, report, asked, tianshui.office.rulebook)
    group, values = max(groups(answer), key=lambda each: weight(each[1])) if asked.by else (None, answer["values"])
    wrong, opened = [], 0
    for figure, value in values.items():
        for cell, leaf in cells(value).items():
            found = module.behind(
                tianshui.views,
                report,
                asked,
                tianshui.office.rulebook,
                figure,
                cell=cell,
                group=group,
                shown=slice(0, 3),
            )
            opened += found.total
            if figure in report.confidential:
                assert not found.total  # neither of them may know of what
            elif not says(found, value, cell, leaf):
                wrong.append((group, figure, cell, leaf, found.total, found.sum))
    return wrong, opened


def groups(answer: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(group["by"] or "", group["values"]) for group in answer["groups"]]


def weight(values: dict[str, Any]) -> float:
    leaves = [leaf for value in values.values() for leaf in cells(value).values()]
    return sum(float(leaf["denominator"]) if is_rate(leaf) else float(leaf or 0) for leaf in leaves)


def says(found: Behind, value: Any, cell: str, leaf: Any) -> bool:
    """Whether what was opened comes to what the figure says."""
    span, _, part = cell.rpartition(".")
    if found.kind in GATHERED:
        return bool(found.total == leaf)
    if part in DAYS:
        count = cells(value)[f"{span}.count"]
        return bool(found.total == count and (part != "max" or not count or found.sum == leaf))
    if is_rate(leaf):
        sides = found.sum if found.total else {"numerator": 0, "denominator": 0}
        return all(Decimal(sides[side]) == Decimal(leaf[side]) for side in ("numerator", "denominator"))
    if leaf is None or isinstance(leaf, bool):
        return bool(found.total) == bool(leaf)
    if isinstance(leaf, float):
        return percent(found.sum["numerator"], found.sum["denominator"]) == leaf
    return Decimal(found.sum) == Decimal(leaf)
