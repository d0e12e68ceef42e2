"""Statistics: a page of SQL each, with the definition of every figure beside it, and a stamp.

A report is asked for a window and a division, as it was on a day and as known at a moment.  The stamp says all of that, and
by which rules and calendar; the same stamp gives the same figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from domain.powers import covered
from projections.pages import Query, as_of, over
from projections.views import Views


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: days are legal days, both ends counted; ``known`` is an instant."""

    since: date
    until: date
    division: str
    on: date | None = None
    known: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """What a figure means, in both languages, and where the definition comes from."""

    zh: str
    en: str


@dataclass(frozen=True)
class Report:
    """A named statistic: its page, how its row becomes figures, and what each means."""

    name: str
    page: str
    figures: dict[str, Figure]
    shaped: Callable[[dict[str, Any]], dict[str, Any]] = field(default=lambda row: row)


def rate(numerator: int, denominator: int) -> Decimal | None:
    """A percentage to one decimal, half up; None when there is nothing to divide by."""
    if not denominator:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _six(row: dict[str, Any]) -> dict[str, Any]:
    satisfied = row.pop("satisfied")
    values = {}
    for name, value in row.items():
        if name == "answered":
            values["first_answer_satisfaction"] = rate(satisfied, value)
        values[name] = value
    return values


SIX_MECHANISMS = Report(
    "six-mechanisms",
    "six_mechanisms",
    {
        "divisions_inspected": Figure("有检查记录的县区数(去重)", "distinct divisions with an inspection recorded"),
        "sites_supervised": Figure(
            "开展现场督导的项目工地数(去重)", "distinct project sites with an onsite supervision"
        ),
        "employers_inspected": Figure("检查用人单位家数(去重)", "distinct employers inspected (家)"),
        "inspection_visits": Figure("检查户次(每次检查计一次)", "inspection visits (户次), each counted"),
        "rectification_orders": Figure(
            "下达限期改正文书件数,不含已撤销", "rectification documents issued, not revoked"
        ),
        "cases_publicised": Figure(
            "市、县两级向社会公布的重大案件数(按案件去重)", "distinct cases publicised at county or city level"
        ),
        "employers_listed": Figure("列入失信惩戒名单的用人单位数(去重)", "distinct employers put on the sanction list"),
        "clues_received": Figure("受理线索件数,含重复线索", "clues received by all channels, repeats included"),
        "petitions_closed": Figure("办结的信访渠道案件数", "cases that came by petition and were closed"),
        "first_answer_satisfaction": Figure(
            "首次回访满意率=(满意+基本满意)/作出评价的首次回访,百分比,四舍五入一位小数;无评价时为空",
            "first-answer satisfaction: (satisfied + basically satisfied) / first revisits with an answer, "
            "percent, half up to one decimal; null when nobody answered",
        ),
        "answered": Figure("作出评价的首次回访数", "first revisits with an answer"),
        "asked": Figure("首次回访数", "first revisits"),
        "trainings": Figure("培训场次", "training sessions"),
        "leaflets": Figure("发放宣传资料份数", "leaflets handed out"),
        "consultations": Figure("现场咨询人次", "consultations given"),
        "discipline_referrals": Figure("移交纪委监委的案件数", "cases referred to discipline inspection"),
        "police_referrals": Figure("移送公安机关的案件数", "cases referred to the police"),
        "arrears_recovered": Figure(
            "追发欠薪金额(元),只计欠薪,不含当期工资和赔偿金",
            "arrears paid, in yuan; neither current wages nor compensation",
        ),
        "persons_paid": Figure("领取欠薪人次", "persons paid arrears, counted per payment"),
    },
    _six,
)

REPORTS = {report.name: report for report in (SIX_MECHANISMS,)}


def run(views: Views, report: Report, asked: Asked, digests: dict[str, str]) -> dict[str, Any]:
    """A report as ``{name, stamp, values}``; without a moment given, as known now, which the stamp then names."""
    [last] = views.ask(
        Query(
            "SELECT max(seq) AS seq, max(recorded_at) AS known FROM journal"
            " WHERE revision = 0 AND recorded_at <= coalesce(%(known)s::timestamptz, 'infinity')",
            {"known": asked.known},
        )
    )
    known = asked.known or last["known"]
    moment = as_of(asked.on, known)
    parameters = {
        **moment.parameters,
        "from": asked.since,
        "to": asked.until,
        "divisions": covered(asked.division) + "%",
    }
    [row] = views.ask(Query(over(report.page, moment.sql), parameters))
    stamp = {
        "from": asked.since,
        "to": asked.until,
        "division": asked.division,
        "on": asked.on,
        "known": known,
        "seq": last["seq"] or 0,
        **digests,
    }
    return {"name": report.name, "stamp": stamp, "values": report.shaped(row)}
