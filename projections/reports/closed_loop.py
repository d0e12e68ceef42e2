"""闭环 F1-F20: what becomes of a clue, from the counter to the worker revisited, as rates with what they are made of.

A cohort is the cases received in the window, followed to the day of the report - the day asked for, else the day on which the last
entry known was recorded.  A flow is what happened in the window; a stock is what stands on that day.
"""

from __future__ import annotations

from typing import Any

from projections.reports.asking import Figure, Report, Values, percent, tenths, yuan

RATES = ("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f10", "f10b", "f11", "f11_no_answer", "f12", "f13", "f14", "f15",
         "f15_filed", "f19")  # fmt: skip
_DENOMINATORS = {"f4": "f7d", "f5": "f4n"}
SPANS = {
    "received_to_filed": "to_filed", "filed_to_ordered": "to_ordered", "ordered_to_paid": "to_paid", "received_to_closed": "to_closed",
}  # fmt: skip
AGES = {"0-30": (None, 30), "31-60": (31, 60), "61-90": (61, 90), "91-180": (91, 180), "181+": (181, None)}
LATE = {"1-7": (1, 7), "8-30": (8, 30), "31-90": (31, 90), "91+": (91, None)}
CLOCKS = ("C01", "C02", "C03", "C07", "C19", "C21", "C22")
SYSTEMS = ("ACC", "AGT", "RNM", "DEP", "BRD", "GUA", "FUN", "SET", "SUB", "ARR")

_DAY = ("统计日(指定的日期,未指定则为最后一条已知记录的登记日)", "the day of the report (the day asked for, else the day the last known entry was recorded)")  # fmt: skip

FIGURES = {
    "F1": Figure(
        "受理率(期内受理案件):已立案或未立案而协调办结的/(前者+不予受理的)",
        "accepted, of cases received in the window: filed, or settled without filing and never declined / those and the declined",
    ),
    "F2": Figure(
        "转办及时率(期内受理案件):首次转办交办在受理后所定工作日数内的/已转办的(日期明确)",
        "assigned in time, of cases received: first assigned within the working days decided / assigned, both days known",
        ("first_assign_days",),
    ),
    "F3": Figure(
        "按期受理率(期内受理的投诉):时限C01内立案、不予受理或办结的/已作决定的和逾期未决定的",
        "complaints decided in time (clock C01: filed, declined or closed): by the due day / decided or past due",
    ),
    "F4": Figure("核查率:有核查或检查记录的/期内受理", "verified: cases with any inspection / received"),
    "F5": Figure(
        "属实率:核查中认定欠薪(有核实金额、人数,或末次结论为属实、部分属实)的/已核查的",
        "true: arrears found (an amount, workers, or the last finding says so) / verified",
    ),
    "F6": Figure(
        "化解率:认定欠薪案件中已付清或以付清、协议结案的/认定欠薪的",
        "settled: paid in full, or closed as paid or by agreement / cases with arrears found",
    ),
    "F7": Figure(
        f"办结率(期内受理案件):至{_DAY[0]}处于办结状态的/受理的",
        f"closed, of cases received in the window: closed and not reopened by {_DAY[1]} / received",
    ),
    "F8": Figure(
        "按期办结率:办结时限内办结的/(已办结的+逾期未办结的)。办结时限:信访C19,热线C21,平台C22,其他已立案的C02;延期后按延期",
        "closed in time: on or before due / closed, or open past due. Due: petition C19, hotline C21, platform C22, others once "
        "filed C02; as extended",
        ("C21_days", "C22_days"),
    ),
    "F9": Figure("清欠率(金额):已付欠薪/核实欠薪,元", "recovered: arrears paid / arrears confirmed, in yuan"),
    "F9_persons": Figure(
        "清欠率(人数):领取欠薪人次(每案不超过核实人数)/核实人数",
        "recovered, persons: paid, at most those confirmed in each case / confirmed",
    ),
    "F10": Figure(
        "回访率(流量):期内办结案件中至统计日已完成回访的/期内办结的(按案件)",
        "revisited (flow): of cases closed in the window those reached by a revisit since / closed in the window",
    ),
    "F10b": Figure("接通率(流量):期内回访接通的/期内回访次数", "reached (flow): revisits that reached somebody / revisits"),
    "F11": Figure(
        "满意率(流量):满意+基本满意/期内接通并作出评价的回访",
        "satisfied (flow): satisfied or basically / revisits reached with an answer",
    ),
    "F11_no_answer": Figure("未评价占比(流量):接通而未评价的/接通的", "no answer (flow): reached without an answer / reached"),
    "F12": Figure(
        "重复投诉率:关联到此前所定日数内已核查或办结案件的/期内受理",
        "repeated: linked to an earlier case handled within the days decided before / received",
        ("repeat_rate_window_days",),
    ),
    "F13": Figure("反弹率:办结后恢复办理的/曾办结的(期内受理)", "rebound: reopened after closing / ever closed, of cases received"),
    "F14": Figure("提级率:已立案且提级的/已立案的", "escalated: filed and escalated / filed"),
    "F15": Figure(
        "移送率:责令(决定)支付期满未付清的案件中已移送公安的/期满未付清的",
        "referred to the police: of those whose order ran out unpaid / orders run out unpaid, by case",
    ),
    "F15_filed": Figure("公安立案率:公安已立案的/移送公安的(按案件)", "filed by the police: police filed / referred to them, by case"),
    "F16": Figure(
        f"动态清零(存量):至{_DAY[0]}核实未付清的案件数、核实人数、未付金额,按受理后日数分段",
        f"still unpaid (stock): cases, workers confirmed and yuan unpaid on {_DAY[1]}, by days since received",
    ),
    "F17": Figure(
        "办理时长(工作日,期内受理案件):中位数、九成数、最大值、件数;未到该步的案件列为“至少”",
        "working days between steps, of cases received: median, 90th percentile, max, count; those not there yet as at least",
    ),
    "F18": Figure(
        f"超期(存量):至{_DAY[0]}未结案件中已过期限而未办的时限数、案件数,按时限和超期日数分段",
        f"past due (stock): clocks of open cases run out and not answered on {_DAY[1]}, by clock and by days late",
        ("C21_days", "C22_days"),
    ),
    "F19": Figure(
        "迟录率(流量):期内案件事项中超过所定工作日数才登记的/日期明确的事项",
        "recorded late (flow): case entries recorded more working days than decided after / entries with a known day",
        ("late_recording_days",),
    ),
    "F20": Figure(
        "制度落实率(流量):每个制度,期内末次检查该制度全部合格的项目/检查过的项目",
        "systems in place (flow): per system, projects whose last check of it in the window passed / projects checked",
    ),
}  # fmt: skip


def _inside(band: tuple[int | None, int | None]) -> str:
    low, high = band
    return " AND ".join([f"age >= {low}"] * (low is not None) + [f"age <= {high}"] * (high is not None))


def _spans() -> str:
    return ",\n           ".join(
        f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {span}) AS {span}_median, "
        f"percentile_cont(0.9) WITHIN GROUP (ORDER BY {span}) AS {span}_p90, "
        f"max({span}) AS {span}_max, count({span}) AS {span}_count, max({span}_yet) AS {span}_yet, count({span}_yet) AS {span}_open"
        for span in SPANS.values()
    )


def _unpaid() -> str:
    bands = {"all": "true", **{name: _inside(band) for name, band in AGES.items()}}
    return ",\n           ".join(
        f'count(*) FILTER (WHERE {where}) AS "f16_{name}_cases", sum(persons_confirmed) FILTER (WHERE {where}) AS "f16_{name}_persons", '
        f'sum(balance) FILTER (WHERE {where}) AS "f16_{name}_yuan"'
        for name, where in bands.items()
    )


def _overdue() -> str:
    parts = {f"f18_{clock}": f"clock = '{clock}'" for clock in CLOCKS}
    parts |= {f"f18_{name}": _inside(band) for name, band in LATE.items()}
    return ",\n           ".join(f'count(*) FILTER (WHERE {where}) AS "{name}"' for name, where in parts.items())


def _checked() -> str:
    return ",\n           ".join(
        f"count(*) FILTER (WHERE system = '{system}' AND passed) AS f20_{system}_n, count(*) FILTER (WHERE system = '{system}') AS f20_{system}_d"
        for system in SYSTEMS
    )


def _rate(numerator: Any, denominator: Any, shown: Any = int) -> Values:
    above, below = numerator or 0, denominator or 0
    return {"value": percent(above, below), "numerator": shown(above), "denominator": shown(below)}


def _shaped(row: dict[str, Any]) -> Values:
    """A row of numerators and denominators as the figures, F1 to F20 in their order."""
    found = {name.upper().replace("B", "b"): _rate(row[f"{name}n" if f"{name}n" in row else f"{name}_n"],
                                 row[_DENOMINATORS.get(name) or (f"{name}d" if f"{name}d" in row else f"{name}_d")])
             for name in RATES}  # fmt: skip
    found = {name.replace("_FILED", "_filed").replace("_NO_ANSWER", "_no_answer"): rate for name, rate in found.items()}
    found["F9"] = _rate(row["f9n"], row["f9d"], yuan)
    found["F9_persons"] = _rate(row["f9_persons_n"], row["f9_persons_d"])
    if row["f8_unjudged"]:
        found["F8"]["value"] = None
    found["F16"] = {**_stock(row, "all"), "by_age": {name: _stock(row, name) for name in AGES}}
    found["F17"] = {name: _span(row, span) for name, span in SPANS.items()}
    found["F18"] = {
        "clocks": sum(row[f"f18_{clock}"] or 0 for clock in CLOCKS),
        "cases": row["f18_cases"] or 0,
        "by_clock": {clock: row[f"f18_{clock}"] or 0 for clock in CLOCKS},
        "by_age": {name: row[f"f18_{name}"] or 0 for name in LATE},
    }
    found["F20"] = {system: _rate(row[f"f20_{system.lower()}_n"], row[f"f20_{system.lower()}_d"]) for system in SYSTEMS}
    return {name: found[name] for name in FIGURES}


def _stock(row: dict[str, Any], band: str) -> Values:
    return {
        "cases": row[f"f16_{band}_cases"] or 0,
        "persons": row[f"f16_{band}_persons"] or 0,
        "yuan": yuan(row[f"f16_{band}_yuan"]),
    }


def _span(row: dict[str, Any], span: str) -> Values:
    return {
        "median": tenths(row[f"{span}_median"]),
        "p90": tenths(row[f"{span}_p90"]),
        "max": row[f"{span}_max"],
        "count": row[f"{span}_count"] or 0,
        "at_least": {"count": row[f"{span}_open"] or 0, "max": row[f"{span}_yet"]},
    }


OF_CASES = {name: f"j.{name}" for name in ("division", "channel", "office", "officer", "industry", "month", "record")}
MONTH = "to_char(l.happened_by, 'YYYY-MM')"
SITE = "CASE WHEN l.sort = 'project' THEN l.record::text ELSE l.data ->> 'project_id' END"
FIRST, LAST = ("to_char(%(from)s::date, 'YYYY-MM')", "to_char(%(to)s::date, 'YYYY-MM')")
EACH = dict.fromkeys(OF_CASES, "grp")
CLOSED_LOOP = Report(
    "closed-loop",
    "closed_loop",
    FIGURES,
    _shaped,
    by=("division", "channel", "office", "officer", "industry", "month"),
    record="f.record",
    industry="f.industry",
    parts={"site": SITE, "lasting": _spans(), "unpaid": _unpaid(), "overdue": _overdue(), "checked": _checked()},
    groups={
        "by": OF_CASES,
        "flow_by": {**OF_CASES, "month": MONTH},
        "entry_by": {
            **OF_CASES, "division": "l.division", "month": MONTH, "office": "l.office", "officer": "l.officer", "record": "l.record",
        },
        "check_by": {
            "month": MONTH, "office": "l.office", "officer": "l.officer", "division": "l.division", "industry": "h.industry",
            "channel": "NULL", "record": "l.record", "site": SITE,
        },
        "first": {**EACH, "month": FIRST},
        "last": {**EACH, "month": LAST},
    },
)  # fmt: skip
