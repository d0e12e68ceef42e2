"""社会公布与失信名单: what was publicised and listed in a window; by quarter it shows the rhythm the law asks for (C29)."""

from __future__ import annotations

from typing import Any

from projections.reports.asking import Figure, Report, Values

FIGURES = {
    "cases": Figure("向社会公布的案件数(按案件去重)", "distinct cases publicised"),
    "cases_here": Figure("其中:市、县两级公布的案件数", "of them at county or city level"),
    "listed": Figure(
        "列入失信名单的决定数(按文号去重:同一决定可在案件和用人单位档案中各登记一次)",
        "listings decided, each document once: a decision may stand on the case and on the employer's file",
    ),
    "listings_publicised": Figure("公布失信名单信息的用人单位数", "employers whose listing was publicised"),
    "delisted": Figure("移出失信名单的用人单位数", "employers removed from the list"),
    "publicised": Figure(
        "本期是否有公布(市、县每季度一次,人社部令29号)",
        "whether anything was publicised: city and county once a quarter (Order 29)",
    ),
}


def _shaped(row: dict[str, Any]) -> Values:
    values: Values = {name: int(row[name] or 0) for name in FIGURES if name != "publicised"}
    return {**values, "publicised": values["cases_here"] + values["listings_publicised"] > 0}


PUBLICATIONS = Report(
    "publications",
    "publications",
    FIGURES,
    _shaped,
    by=("quarter", "division", "office", "officer", "month"),
    groups={"by": {
        "quarter": "to_char(j.happened_by, 'YYYY-\"Q\"Q')", "division": "j.division", "office": "j.office", "officer": "j.officer",
        "month": "to_char(j.happened_by, 'YYYY-MM')", "record": "j.record",
    }},
)  # fmt: skip
