"""警示教育: training held in a window, and how far it reached the projects that started in it."""

from __future__ import annotations

from typing import Any

from projections.reports.asking import Figure, Report, Values, percent

FIGURES = {
    "sessions": Figure("培训场次", "training sessions"),
    "first_lesson": Figure("其中:开工第一课场次", "of them first lessons at a project's start"),
    "platform": Figure("其中:平台操作培训场次", "of them platform training"),
    "typical_cases": Figure("其中:典型案例警示场次", "of them typical cases"),
    "policy": Figure("其中:政策宣讲场次", "of them policy"),
    "attendance": Figure("参训人次", "attendance"),
    "leaflets": Figure("发放宣传资料份数", "leaflets handed out"),
    "consultations": Figure("现场咨询人次", "consultations given"),
    "projects_started": Figure("期内登记(新开工)的项目数", "projects registered in the window"),
    "projects_trained": Figure("其中至今已上开工第一课的项目数", "of them those that have had a first lesson by now"),
    "coverage": Figure(
        "新开工项目培训覆盖率=已上开工第一课的项目/期内登记项目,百分比,一位小数;期内无登记项目时为空",
        "training coverage of projects newly started: projects with a first lesson / projects registered in the window, "
        "percent to one decimal; null when none was registered",
    ),
}


def _shaped(row: dict[str, Any]) -> Values:
    values: Values = {name: int(row[name] or 0) for name in FIGURES if name != "coverage"}
    return {**values, "coverage": percent(row["projects_trained"], row["projects_started"])}


TRAININGS = Report(
    "trainings",
    "trainings",
    FIGURES,
    _shaped,
    by=("division", "office", "officer", "month", "industry"),
    groups={"by": {
        "division": "j.division", "office": "j.office", "officer": "j.officer", "month": "to_char(j.happened_by, 'YYYY-MM')",
        "industry": "j.industry", "record": "j.record",
    }},
)  # fmt: skip
