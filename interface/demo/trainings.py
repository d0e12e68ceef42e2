"""The seven trainings of the demo city (警示教育)."""

from __future__ import annotations

from collections.abc import Sequence

from domain.project import Project
from domain.training import Training
from interface.demo.book import Book
from interface.demo.city import CITY, officer

TRAININGS = (
    ("first_lesson", "开工第一课:工资支付制度", "2025-02-18", "620502", 86, 180, 62, "housing"),
    ("first_lesson", "开工第一课:总包代发与专用账户", "2025-02-21", "620503", 74, 160, 48, "transport"),
    ("platform", "“陇明公”平台实操与预警处置", "2025-02-26", "620503", 95, 210, 71, None),
    ("typical_cases", "拒不支付劳动报酬典型案例警示教育", "2025-03-05", "620522", 68, 150, 55, None),
    ("policy", "保障农民工工资支付条例宣贯", "2025-03-12", "620523", 80, 170, 60, None),
    ("first_lesson", "开工第一课:实名制与考勤", "2025-03-20", "620524", 57, 120, 44, "water"),
    ("policy", "劳动合同法进企业", "2025-03-27", "620525", 63, 140, 50, None),
)
"""Kind, topic, day, county, attendance, leaflets, consultations, industry: 7 sessions, 1,130 leaflets, 390 consultations."""


def hold_trainings(book: Book, projects: Sequence[Project]) -> None:
    for number, (kind, topic, on, division, attendance, leaflets, consultations, industry) in enumerate(
        TRAININGS, start=1
    ):
        near = [project.id for project in projects if project.division == division] or [projects[number].id]
        book.act(
            book.record(Training, number), "hold", officer("inspector_lead", division), on, kind=kind, topic=topic, division=division,
            attendance=attendance, leaflets=leaflets, consultations=consultations, industry=industry, projects=tuple(near[:4]),
            team=(f"{CITY}-{industry}",) if industry else (), place="项目部会议室", number=f"{division}-2025-XD{number:04d}",
            materials=("宣传手册", "典型案例汇编"),
        )  # fmt: skip
