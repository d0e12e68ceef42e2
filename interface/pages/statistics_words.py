"""What pages and files of statistics say: a figure, a cell of it, a group, and the stamp, in the officer's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.rules.clocks import ROWS
from interface.pages.frame import fact_label, instant, lang, office_name, place, worded
from projections.reports.cells import is_rate
from projections.reports.naming import name_of

COLUMNS: dict[str, Any] = {
    "division": lazy("Division"), "month": lazy("Month"), "quarter": lazy("Quarter"), "channel": lazy("Channel"), "office": lazy("Office"),
    "officer": lazy("Officer"), "industry": lazy("Industry"),
}  # fmt: skip
SPANS: dict[str, Any] = {
    "received_to_filed": lazy("received → filed"), "filed_to_ordered": lazy("filed → ordered"), "ordered_to_paid": lazy("ordered → paid"),
    "received_to_closed": lazy("received → closed"),
}  # fmt: skip
STEPS: dict[str, Any] = {
    **SPANS, "cases": lazy("Cases"), "persons": lazy("Workers"), "yuan": lazy("Yuan"), "clocks": lazy("Terms run out"),
    "median": lazy("Median"), "p90": lazy("90th percentile"), "max": lazy("Longest"), "count": lazy("Cases"),
    "at_least": lazy("Not there yet"),
}  # fmt: skip
"""The steps to a cell of a figure that is a table."""
FLAGS: dict[str, Any] = {"yoy": lazy("beside a year before"), "confidant": lazy("with what is about officials")}
CLOCKS = {row.id: row for row in ROWS}


def plain(value: Any) -> str:
    """A figure as it stands on a card: an unknown one as such."""
    match value:
        case None:
            return "—"
        case bool():
            return _("Yes") if value else _("No")
        case dict() if "value" in value:
            return "—" if value["value"] is None else f"{value['value']}%"
        case str():
            return f"{float(value):,.2f}"
        case int():
            return f"{value:,}"
    return str(value)


def in_full(value: Any) -> str:
    """A figure as it stands on paper: a rate with what it is made of."""
    return (
        f"{plain(value)} ({plain(value['numerator'])}/{plain(value['denominator'])})"
        if is_rate(value)
        else plain(value)
    )


def opens(value: Any) -> bool:
    """Whether anything stands behind a figure: a percentage has its denominator there, if it is nothing, too."""
    match value:
        case None | False:
            return False
        case dict():
            return opens(value["denominator"])
        case float():
            return True
    return bool(float(value))


def number(value: Any) -> float | None:
    """A figure as a chart draws it."""
    match value:
        case None:
            return None
        case dict():
            return number(value.get("value"))
    return float(value)


def figure_name(report: str, figure: str, cell: str = "") -> str:
    """A figure by its short name, and a cell of it by its own."""
    return " · ".join(filter(None, (name_of(report, figure, lang()), cell_name(figure, cell))))


def cell_name(figure: str, cell: str) -> str:
    """Where a number stands in a figure that is a table: ``by_age.0-30.cases`` is 0-30 天 · 案件."""
    return " · ".join(_step(figure, step) for step in cell.split(".") if step and not step.startswith("by_"))


def _step(figure: str, step: str) -> str:
    if step in STEPS:
        return str(STEPS[step])
    if step in CLOCKS:
        return f"{step} {CLOCKS[step].en if lang() == 'en' else CLOCKS[step].zh}"
    if step[:1].isdigit():
        return str(_("%(n)s days late", n=step) if figure == "F18" else _("%(n)s days", n=step))
    return worded(step, "system")


def group_name(column: str, value: str | None) -> str:
    """A group by its name."""
    said = {"division": place, "office": office_name, "channel": worded, "industry": worded}
    return said.get(column, str)(value) if value else str(_("unknown"))


def stamped(stamp: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What figures hang on, each by its name and in words."""
    return [(_stamp_name(name), _stamp_value(name, value)) for name, value in stamp.items() if value is not None]


def _stamp_name(name: str) -> str:
    named = {**FLAGS, **COLUMNS, "by": _("Counted by")}
    return str(named[name]) if name in named else fact_label(name, "stamp")


def _stamp_value(name: str, value: Any) -> str:
    if name == "by":
        return str(COLUMNS.get(value, value))
    if name == "known":
        return instant(value)
    return plain(value) if isinstance(value, bool) else group_name(name, str(value))
