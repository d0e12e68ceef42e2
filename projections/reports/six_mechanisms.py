"""六项机制: what the six mechanisms did in a window, as the city reports it."""

from __future__ import annotations

from typing import Any

from projections.reports.asking import Figure, Report, Values, percent, yuan

FIGURES = {
    "divisions_inspected": Figure(
        "有检查记录的县区数(案件检查和单独检查,去重)", "distinct divisions with an inspection, in a case or outside any"
    ),
    "sites_supervised": Figure(
        "开展现场督导的项目工地数(按项目去重)", "distinct project sites with an onsite supervision"
    ),
    "employers_inspected": Figure(
        "检查用人单位家数(案件检查和单独检查,去重)", "distinct employers inspected (家), in a case or outside any"
    ),
    "inspection_visits": Figure("检查户次(每次检查计一次)", "inspection visits (户次), each counted"),
    "rectification_orders": Figure(
        "下达限期改正文书件数(案件内和检查现场),不含已撤销",
        "rectification documents issued in cases and on inspections, not revoked",
    ),
    "cases_publicised": Figure(
        "市、县两级向社会公布的重大案件数(按案件去重)", "distinct cases publicised at county or city level"
    ),
    "employers_listed": Figure("列入失信惩戒名单的用人单位数(去重)", "distinct employers put on the sanction list"),
    "clues_received": Figure("受理线索件数,含重复线索", "clues received by all channels, repeats included"),
    "petitions_closed": Figure(
        "办结的信访渠道案件数(按案件去重)", "distinct cases that came by petition and were closed"
    ),
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
    "discipline_referrals": Figure(
        "移交纪委监委的案件数(去重);除纪检和审计人员外只按县区、整月告知",
        "distinct cases referred to discipline inspection; told by county and by whole months, but to discipline inspection and auditors",
    ),
    "police_referrals": Figure("移送公安机关的案件数(去重)", "distinct cases referred to the police"),
    "arrears_recovered": Figure(
        "追发欠薪金额(元),只计欠薪,不含当期工资和赔偿金",
        "arrears paid, in yuan; neither current wages nor compensation",
    ),
    "persons_paid": Figure("领取欠薪人次", "persons paid arrears, counted per payment"),
}


def _shaped(row: dict[str, Any]) -> Values:
    values: Values = {}
    for name in FIGURES:
        match name:
            case "first_answer_satisfaction":
                values[name] = percent(row["satisfied"], row["answered"])
            case "arrears_recovered":
                values[name] = yuan(row[name])
            case _:
                values[name] = int(row[name] or 0)
    return values


SIX_MECHANISMS = Report(
    "six-mechanisms",
    "six_mechanisms",
    FIGURES,
    _shaped,
    by=("division", "channel", "office", "officer", "month", "industry"),
    industry="h.industry",
    confidential=frozenset({"discipline_referrals"}),
    groups={"by": {
        "division": "j.division", "channel": "h.channel", "office": "j.office", "officer": "j.officer",
        "month": "to_char(j.happened_by, 'YYYY-MM')", "industry": "h.industry", "record": "j.record",
    }},
)  # fmt: skip
