"""The key projects of the demo city: the ledger, who answers for each, what visits found, what screening raised (三级包抓)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.powers import Actor
from domain.project import Project
from domain.rules.calendar import CALENDAR
from domain.rules.deposit import deposit
from domain.rules.settings import PROPOSED
from domain.rules.signals import Attendance, Papers, Pay, Rows, Transfer, screen
from interface.demo.book import Book
from interface.demo.city import CITY, COUNTIES, DAYS, INSPECTED, SINCE, firms, later, officer, team

KEEPERS = {"housing": "keeper.1", "transport": "keeper.transport", "water": "keeper.water"}
PROJECTS, SUPERVISED, TWICE = 70, 50, 12
SITES = (
    "安置房",
    "滨河路",
    "实验中学",
    "物流园",
    "引水干渠",
    "棚户区改造",
    "旅游公路",
    "污水处理厂",
    "康养中心",
    "变电站",
)
SECTIONS = ("一期", "二期", "三标段", "四标段", "五标段", "配套工程", "改扩建")
BANKS = ("天水演示银行", "陇东演示银行", "渭河演示银行")

FAULTS = (("BRD-1", "G", "维权告示牌缺失"), ("RNM-3", "G", "未配备劳资专管员"), ("ACC-5", "G", "专户余额低于上期工资"),
          ("RNM-1", "S", "在场人员未全部实名登记"), ("AGT-1", "S", "未由总包代发工资"))  # fmt: skip
LOOKED_AT = (
    "ACC-1", "ACC-2", "ACC-3", "ACC-5", "AGT-1", "AGT-3", "RNM-1", "RNM-2", "RNM-3", "DEP-1", "BRD-1", "GUA-1", "SET-1", "SUB-1",
)  # fmt: skip
SIGNALLED, CLEARED = 6, 3


def register_projects(book: Book, chance: random.Random) -> list[Project]:
    """The ledger: who builds, who answers for it on each tier, what is deposited."""
    builders = [firm for firm in firms()[:INSPECTED] if firm.uscc and firm.industry != "other"]
    projects = []
    for number, firm in enumerate(chance.sample(builders, PROJECTS), start=1):
        project = book.record(Project, number)
        on = DAYS[chance.randrange(20)]
        contract = chance.randrange(30, 900) * 100_000
        signed = later(on, -chance.randrange(20, 200))
        book.act(
            project, "register", officer("inspector_lead", firm.division), on,
            name=f"{COUNTIES[firm.division].short}{SITES[number % 10]}{SECTIONS[number % 7]}", division=firm.division,
            industry=firm.industry, contractor=firm.employer, owner={"name": f"{COUNTIES[firm.division].short}演示建设投资单位"},
            contract_amount=f"{contract}.00", government_money=chance.random() < 0.6, signed_on=signed, permit_on=signed,
            account_bank=chance.choice(BANKS), account_tail=f"{number:04d}",
            account_opened_on=None if number % 17 == 0 else later(signed.isoformat(), chance.randrange(5, 28)),
            workers=chance.randrange(20, 320), number=f"{firm.division}-2025-PD{number:04d}",
        )  # fmt: skip
        _entrust(book, project, number, on)
        _deposit(book, project, number, on)
        projects.append(project)
    return projects


def _entrust(book: Book, project: Project, number: int, on: str) -> None:
    lead, above = officer("inspector_lead", project.division), officer("supervisor", CITY)
    held = (
        (1, f"{project.division}-hrss", lead.officer),
        (2, f"{CITY}-{project.industry}", _keeper(project).officer),
        (3, f"{CITY}-rights_centre", above.officer),
    )
    for tier, office, who in held[: 3 - (number % 9 == 0) - (number % 27 == 0)]:
        book.act(project, "entrust", above, on, tier=tier, office_of=office, officer=who)


def _keeper(project: Project) -> Actor:
    """Who answers for a project at the regulator of its industry."""
    industry = str(project.industry)
    keeper = KEEPERS.get(industry, f"keeper.{industry}")
    return Actor(keeper, "project_keeper", f"{CITY}-{industry}", CITY)


def _deposit(book: Book, project: Project, number: int, on: str) -> None:
    if number % 13 == 0:
        return
    assert project.contract_amount is not None
    due = deposit(project.contract_amount, on=SINCE, settings=PROPOSED, clean=False, listed=False)
    lead = officer("inspector_lead", project.division)
    kind, rest = ("guaranteed", {"expires_on": later(on, 365)}) if number % 3 else ("stored", {})
    book.act(project, "deposit", lead, on, kind=kind, amount=due.amount, **rest)


def supervise_projects(book: Book, projects: Sequence[Project], chance: random.Random) -> None:
    """Fifty sites visited, some twice; what was found is followed until it is mended, or is not."""
    for number, project in enumerate(projects[:SUPERVISED], start=1):
        first = 22 + chance.randrange(22)
        if number <= SIGNALLED:
            _screen(book, project, DAYS[first - 2], project.id.hex[:6])
        _visit(book, project, 1, DAYS[first], number)
        if number <= CLEARED:
            _clear(book, project, DAYS[first])
        if project.open_problems:
            _follow(book, project, number, first)
        if number <= TWICE:
            _visit(book, project, 3 if number % 2 else 2, DAYS[first + 14], number + 3)
        if project.deposit and number == TWICE:
            for kind, at in (("used", 60), ("refilled", 64)):
                half = project.deposit["amount"] / 2 if kind == "used" else project.deposit["amount"]
                book.act(
                    project, "deposit", officer("inspector_lead", project.division), DAYS[at], kind=kind, amount=half
                )


def _visit(book: Book, project: Project, tier: int, on: str, number: int) -> None:
    found = {0: FAULTS[:1], 1: FAULTS[1:3], 2: FAULTS[3:4], 3: FAULTS[4:5]}.get(number % 8, ())
    results = filled_in(found)
    actor = {1: officer("inspector_lead", project.division), 2: _keeper(project), 3: officer("supervisor", CITY)}[tier]
    due = later(on, 10 if number % 2 else 30)
    problems = [{"item": item, "text": text, "owner": "施工总承包项目部", "due_on": due} for item, _, text in found]
    book.act(
        project, "supervise", actor, on, tier=tier, inspectors=team(project.division), results=results, unannounced=number % 3 == 0,
        team=() if tier == 1 else (f"{project.division}-hrss",) if tier == 2 else (f"{CITY}-{project.industry}",), workers_interviewed=5 + number % 11, problems=problems,
        finding="发现问题,限期整改" if found else "制度落实到位",
    )  # fmt: skip


def filled_in(found: Sequence[tuple[str, str, str]]) -> tuple[dict[str, Any], ...]:
    """The checklist filled in: what failed, and everything else in order."""
    failed = {
        item: {"item": item, "result": "fail", "owing": grave == "M", "evidence": text} for item, grave, text in found
    }
    passed = ({"item": item, "result": "pass"} for item in LOOKED_AT if item not in failed)
    return (*failed.values(), *passed)


def _follow(book: Book, project: Project, number: int, first: int) -> None:
    lead = officer("inspector_lead", project.division)
    for nth, problem in enumerate(list(project.open_problems)):
        if (number + nth) % 3 == 0:
            continue  # left open, and past its day or not
        mended = (number + nth) % 3 == 1
        more: dict[str, Any] = {} if mended else {"due_on": later(DAYS[first + 9], 21)}
        finding = "已整改到位" if mended else "仍未整改,再限期"
        book.act(
            project, "follow", lead, DAYS[first + 9], problem=problem["problem"], mended=mended, finding=finding, **more
        )


# Screening (大数据筛查)


def _screen(book: Book, project: Project, on: str, key: str) -> None:
    """What the platform's export says of three workers, one of them unpaid, and of the papers."""
    months, crew = ("2024-11", "2024-12"), tuple(f"w{n:03d}" for n in range(3))
    attendance = tuple(
        Attendance(line=line, project=key, worker=worker, month=month, days=Decimal(22), registered=worker != "w002")
        for line, (month, worker) in enumerate(((m, w) for m in months for w in crew), start=2)
    )
    pay = tuple(
        Pay(line=line, project=key, worker=row.worker, month=row.month, amount=Decimal(5800), paid_on=date(2025, 1, 15))
        for line, row in enumerate((row for row in attendance if row.worker != "w001"), start=2)
    )
    transfers = (Transfer(line=2, project=key, on=date(2024, 12, 10), amount=Decimal(180_000), kind="labour_cost"),)
    papers = (
        Papers(
            line=2,
            project=key,
            board_uploaded=False,
            contract_signed_on=date(2024, 10, 8),
            account_opened_on=date(2024, 10, 20),
        ),
    )
    rows = Rows(attendance=attendance, pay=pay, transfers=transfers, papers=papers)
    judged = screen(key, rows, on=date.fromisoformat(on), settings=PROPOSED, calendar=CALENDAR)
    raised = [
        {"signal": s.id, "level": s.level, "thresholds": dict(s.threshold), "rows": s.rows, "count": s.count}
        for s in judged.signals
    ]
    book.act(
        project, "screen", officer("inspector_lead", project.division), on, source_platform="陇明公(演示)",
        lines=len(attendance) + len(pay) + 2, sha256=project.id.hex * 2, raised=raised,
        undecided=tuple(undecided.id for undecided in judged.undecided),
    )  # fmt: skip


def _clear(book: Book, project: Project, on: str) -> None:
    visit = max(project.visit_days)
    for signal in sorted(project.signals):
        book.act(
            project,
            "clear",
            officer("inspector_lead", project.division),
            on,
            signal=signal,
            visit=visit,
            finding="实地核验属实,已纠正",
        )
