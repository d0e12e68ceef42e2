"""The demo city: Tianshui (620500) with seven counties, invented cases in every state, and an account per role.

Made deterministically, through the same acts an officer records; no person in it is real.  Days lie in the weeks before it is
loaded, so that there is always something running, due and overdue.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import click

from application import tokens
from application.database import connect
from application.office import NAMESPACE, Office, today
from application.vault import Vault
from domain.case import Case
from domain.powers import Actor
from domain.record import Signature
from domain.uscc import check_character
from interface.settings import Settings

COUNTIES = ("620502", "620503", "620521", "620522", "620523", "620524", "620525")
CASES = 70
SEED = 620500

ACCOUNTS = (
    ("intake.1", "intake", "620502-hrss", "620502"),
    ("dispatch.1", "dispatcher", "620500-hrss", "620500"),
    ("lead.1", "inspector_lead", "620502-hrss", "620502"),
    ("second.1", "inspector_second", "620502-hrss", "620502"),
    ("legal.1", "legal_reviewer", "620502-hrss", "620502"),
    ("head.1", "body_head", "620502-hrss", "620502"),
    ("office.1", "office_head", "620500-hrss", "620500"),
    ("cadre.1", "lead_cadre", "620500-task_force", "620500"),
    ("super.1", "supervisor", "620500-rights_centre", "620500"),
    ("revisit.1", "revisit_officer", "620500-rights_centre", "620500"),
    ("keeper.1", "project_keeper", "620500-housing", "620500"),
    ("audit.1", "auditor", "620500-discipline", "620500"),
)

_FIRMS = ("渭河建筑", "秦州路桥", "麦积安装", "陇右市政", "羲皇装饰", "卦台水利", "关山劳务", "天河钢构")
_PROJECTS = ("安置房二期", "滨河路改造", "中学教学楼", "物流园厂房", "引水支渠", "棚改三标段")
_WAYS = ("complaint_visit", "hotline_12345", "petition", "national_platform", "province_platform", "superior_transfer")


def prepare(url: str, settings: Settings, *, load: bool) -> None:
    """Load the city into an empty office, and make the accounts, once."""
    if not load:
        return
    office = Office(url, Vault.from_file(settings.key_file))
    try:
        if office.recorder.max_notification_id() is None:
            fill(office, CASES)
    finally:
        office.close()
    accounts = settings.home / "demo-accounts.json"
    if not accounts.exists():
        with connect(url, "owner") as connection:
            issued = [[*account, tokens.issue(connection, Actor(*account))] for account in ACCOUNTS]
        with os.fdopen(os.open(accounts, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(issued, file)


def say_accounts(settings: Settings) -> None:
    """Print the demo accounts with their tokens, if there are any."""
    accounts = settings.home / "demo-accounts.json"
    if accounts.exists():
        for officer, role, office, _, secret in json.loads(accounts.read_text()):
            click.echo(f"  {role:<17} {officer:<11} {office:<21} {secret}")


def fill(office: Office, cases: int, *, seed: int = SEED) -> None:
    """Record so many invented cases, a hundred to a transaction."""
    chance = random.Random(seed)
    batch: list[Any] = []
    for number in range(1, cases + 1):
        batch += story(number, chance, today(), seed=seed).pending
        if number % 100 == 0 or number == cases:
            office.save(*batch)
            batch = []


def story(number: int, chance: random.Random, now: date, *, seed: int = SEED, far: float | None = None) -> Case:
    """One invented case: received some weeks ago, and taken as far as chance has it, or as ``far`` says (1 is all the way)."""
    division = COUNTIES[number % 7]
    case = Case(uuid5(NAMESPACE, f"demo|{seed}|{number}"))
    day = now - timedelta(days=chance.randrange(5, 110))
    office, lead, second = f"{division}-hrss", f"lead.{division[-2:]}", f"second.{division[-2:]}"
    firm = chance.choice(_FIRMS)
    workers, owed = chance.randrange(1, 60), chance.randrange(20, 4000) * 500

    def sign(by: str, role: str, after: int) -> bool:
        """Sign for a day so much later; False once that day has not come."""
        nonlocal day
        day += timedelta(days=after)
        if day > now:
            return False
        case.signed(Signature(by, role, office, day.isoformat(), now))
        return True

    sign(f"intake.{division[-2:]}", "intake", 0)
    case.receive(
        channel=chance.choice(_WAYS),
        complainant_kind=chance.choice(("complaint", "complaint", "report")),
        division=division,
        employer={"name": f"{firm}有限公司", "uscc": _code(division, _FIRMS.index(firm))},
        project=chance.choice((*_PROJECTS, None)),
        industry=chance.choice(("housing", "transport", "water", None)),
        persons_claimed=workers,
        amount_claimed=f"{owed}.00",
        summary="反映拖欠农民工工资,请求核查处理",
        number=f"{division}-{day.year}-D{number:05d}",
    )
    far = chance.random() if far is None else far
    steps: tuple[tuple[float, str, str, int, dict[str, Any]], ...] = (
        (0.05, "assign", "dispatcher", 1, {"kind": "task", "to_office": office, "officers": (lead, second)}),
        (0.12, "inspect", "inspector_lead", 2, {"kind": "verification", "inspectors": (lead, second), "finding": "true_arrears",
                                                "persons_confirmed": workers, "amount_confirmed": f"{owed}.00"}),
        (0.25, "file", "inspector_lead", 1, {"cause": "拖欠劳动报酬", "inspectors": (lead, second), "approved_by": f"head.{division[-2:]}"}),
        (0.35, "inspect", "inspector_lead", 3, {"kind": "onsite", "inspectors": (lead, second), "finding": "true_arrears", "final": True,
                                                "persons_confirmed": workers, "amount_confirmed": f"{owed}.00"}),
        (0.42, "order", "inspector_lead", 2, {"kind": "rectification", "respondents": (f"{firm}有限公司",), "amount": f"{owed}.00",
                                              "persons": workers, "basis": "保障农民工工资支付条例", "document_no": f"天人社监令字〔{day.year}〕第{number}号"}),
        (0.45, "serve", "inspector_second", 1, {"document_no": f"天人社监令字〔{day.year}〕第{number}号", "mode": "direct"}),
        (0.55, "pay", "inspector_lead", 4, {"kind": "arrears", "amount": f"{owed // 2}.00", "persons": workers, "payer_kind": "employer"}),
        (0.68, "pay", "inspector_lead", 9, {"kind": "arrears", "amount": f"{owed - owed // 2}.00", "persons": workers,
                                            "payer_kind": "general_contractor_advance"}),
        (0.75, "close", "inspector_lead", 2, {"reason": "paid_in_full", "approved_by": f"head.{division[-2:]}"}),
        (0.85, "revisit", "revisit_officer", 7, {"mode": "phone", "contacted": True, "rebound": False, "money_received": "full",
                                                 "satisfaction": chance.choice(("satisfied", "satisfied", "basically", "dissatisfied"))}),
    )  # fmt: skip
    for needed, action, role, after, facts in steps:
        by = {"inspector_lead": lead, "inspector_second": second}.get(role, f"{role}.1")
        if far < needed or not sign(by, role, after):
            break
        if action == "order":
            facts = {**facts, "due_on": day + timedelta(days=7)}
        getattr(case, action)(**facts)
    return case


def _code(division: str, number: int) -> str:
    body = f"91{division}MA7{number:05d}X"
    return body + check_character(body)
