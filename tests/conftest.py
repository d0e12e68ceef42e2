"""The office on an ordinary Monday: one inspector, one employer, one real PostgreSQL.

``TEST_DATABASE_URL`` names a server to use; without it each worker starts an embedded one.  The schema is migrated once into a
template; a test that asks for ``url`` gets a database of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from psycopg.conninfo import make_conninfo

from application import tokens
from application.database import connect
from application.migrate import migrate
from application.office import Act, Command, Office, today
from application.vault import Vault
from domain.case import Case
from domain.powers import Actor
from domain.record import Signature
from domain.rules.settings import SETTINGS
from interface import embedded
from interface.app import create_app
from projections.projector import Projector
from projections.views import Views

MEMORY, ENOUGH = Path("/dev/shm"), 4_000_000_000
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # a database is three hundred files: in memory it is copied in a hundredth of a second, on a disk in a tenth or two
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

ROOT = Path(__file__).parents[1]
MIGRATIONS = ROOT / "projections" / "migrations"
PUBLISHED = ROOT / "tests" / "data" / "published_cases.yaml"
MONDAY = date(2026, 3, 2)

RECEIVED = {
    "channel": "petition",
    "complainant_kind": "complaint",
    "division": "620502",
    "employer": {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"},
    "persons_claimed": 14,
    "amount_claimed": "120000.00",
    "summary": "拖欠三个月工资",
}
FACTS: dict[str, dict[str, Any]] = {
    "assign": {"kind": "task", "to_office": "620502-hrss", "officers": ("lead.1",)},
    "return": {"reason": "不属本辖区"},
    "decline": {"reason": "not_in_remit", "document_no": "不受〔2026〕1号"},
    "file": {"cause": "拖欠劳动报酬", "inspectors": ("lead.1", "second.1"), "approved_by": "head.1"},
    "verify": {"kind": "verification", "inspectors": ("lead.1", "second.1"), "finding": "true_arrears",
               "persons_confirmed": 14, "amount_confirmed": "110000.00"},
    "inspect": {"kind": "onsite", "inspectors": ("lead.1", "second.1"), "finding": "true_arrears",
                "persons_confirmed": 14, "amount_confirmed": "110000.00"},
    "notify": {"proposed": "行政处罚", "document_no": "告〔2026〕1号"},
    "order": {"kind": "rectification", "respondents": ("渭河建筑有限公司",), "basis": "条例第五十三条", "persons": 14,
              "amount": "110000.00", "due_on": date(2026, 3, 9), "document_no": "令〔2026〕1号"},
    "serve": {"document_no": "令〔2026〕1号", "mode": "direct"},
    "pay": {"kind": "arrears", "amount": "60000.00", "payer_kind": "employer", "persons": 7},
    "pay_rest": {"kind": "arrears", "amount": "50000.00", "payer_kind": "employer", "persons": 7},
    "refer": {"kind": "police", "to": "秦州公安分局", "reason": "逾期未支付", "approved_by": "head.1"},
    "answer": {"from_": "公安机关", "result": "已立案"},
    "close": {"reason": "paid_in_full", "approved_by": "head.1"},
    "close_owing": {"reason": "referred_police_filed", "approved_by": "head.1", "balance_reason": "公安已立案"},
    "withdraw": {"reason": "轻微且已改正", "approved_by": "head.1"},
    "revisit": {"mode": "phone", "contacted": True, "rebound": False, "money_received": "full", "satisfaction": "satisfied"},
    "reopen": {"reason": "再次投诉"},
    "note": {"text": "已电话联系单位负责人"},
    "publicise": {"level": "city", "channel": "门户网站"},
    "extend": {"clock": "C02", "due_on": date(2026, 6, 30), "reason": "情况复杂", "approved_by": "head.1"},
    "escalate": {"to_office": "620500-hrss", "rules": ("many_workers",)},
}  # fmt: skip
"""What an ordinary case goes through; the key before the underscore is the action."""

ACTIONS = {"verify": "inspect", "pay_rest": "pay", "close_owing": "close", "return": "return_"}


LONGEST = ("test_serving", "test_every_page", "test_openapi", "test_reports_behind", "test_faults", "test_a_day_at_the_office", "test_at_the_desk",
           "test_cases_api", "test_signing_in", "test_pages", "test_store", "test_figures", "test_case_facts", "test_keyboard",
           "test_matrix", "test_bench", "test_demo", "test_desk")  # fmt: skip
"""The files that take longest go first, so that no worker waits for another at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


def signed(by: str = "lead.1", role: str = "inspector_lead", on: date | str | None = MONDAY, **more: Any) -> Signature:
    """The lead inspector's signature for Monday."""
    return Signature(by, role, "620502-hrss", str(on) if on else None, more.pop("today", date(2026, 11, 24)), **more)


def given(*story: str, by: str = "lead.1", on: date = MONDAY) -> Case:
    """A case these acts were done on, ready for the lead inspector to act."""
    case = Case(uuid4()).signed(signed("intake.1", "intake", on))
    case.receive(**RECEIVED)
    for step in story:
        act(case, step, by="revisit.1" if step == "revisit" else by)
    return case.signed(signed(by))


def act(case: Case, step: str, by: str = "lead.1", on: date | str | None = None, **facts: Any) -> Case:
    """Do one of the ordinary acts on a case, for the day it is due."""
    later = date(2026, 3, 16) if step in ("refer", "close", "close_owing", "revisit", "reopen") else MONDAY
    case.signed(signed(by, on=on or later))
    getattr(case, ACTIONS.get(step, step))(**{**FACTS[step], **facts})
    return case


# A real PostgreSQL


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    if given_url := os.environ.get("TEST_DATABASE_URL"):
        yield given_url
        return
    with tempfile.TemporaryDirectory(prefix="qx", ignore_cleanup_errors=True) as folder:
        cluster = Path(folder) / "pg"
        url = embedded.start(cluster)
        with psycopg.connect(
            url, autocommit=True
        ) as admin:  # the machine will not fail; what kills a server has one of its own
            for name in ("fsync", "full_page_writes", "autovacuum"):
                admin.execute(f"ALTER SYSTEM SET {name} = off")
            admin.execute("SELECT pg_reload_conf()")
        yield url
        embedded.stop(cluster)


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a migrated, empty database to be copied."""
    name = f"qx_template_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        migrate(make_conninfo(server, dbname=name), MIGRATIONS)
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(server: str, template: str) -> Iterator[str]:
    """A database of the test's own."""
    with own_database(server, template) as own:
        yield own


@contextmanager
def own_database(server: str, template: str) -> Iterator[str]:
    """A copy of the template, gone afterwards."""
    name = f"qx_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield make_conninfo(server, dbname=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def owner(url: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to it."""
    with connect(url, "owner") as connection:
        yield connection


@pytest.fixture
def vault() -> Vault:
    return Vault(b"k" * 32)


@pytest.fixture
def office(url: str, vault: Vault) -> Iterator[Office]:
    office = Office(url, vault)
    yield office
    office.close()


@pytest.fixture
def views(office: Office) -> Views:
    return Views(office.datastore.get_connection)


@pytest.fixture
def catch_up(url: str) -> Iterator[Callable[[], int]]:
    """Projects everything there is."""
    with connect(url, "projector") as connection:
        projector = Projector(lambda: connection)
        yield lambda: projector.catch_up(connection)


# The office at work


class Desk:
    """Does ordinary acts through the office, keeping the case at hand."""

    def __init__(self, office: Office):
        self.office = office
        self.last: Act | None = None

    def receive(self, *, on: date = MONDAY, contact: dict[str, Any] | None = None, **facts: Any) -> Case:
        signature = signed("intake.1", "intake", on, today=today())
        self.last = self.office.receive({**RECEIVED, **facts}, signature, Command.new(), contact=contact)
        return self.last.case

    def act(self, case: Case, step: str, *, by: str = "lead.1", on: date | None = None, **facts: Any) -> Case:
        later = date(2026, 3, 16) if step in ("refer", "close", "close_owing", "revisit", "reopen") else MONDAY
        by = "revisit.1" if step == "revisit" else by
        action = {"verify": "inspect", "pay_rest": "pay", "close_owing": "close"}.get(step, step)
        signature = signed(by, on=on or later, today=today())
        self.last = self.office.act(case, action, {**FACTS.get(step, {}), **facts}, signature, Command.new())
        return self.last.case

    def story(self, *steps: str, **facts: Any) -> Case:
        case = self.receive(**facts)
        for step in steps:
            case = self.act(case, step)
        return case


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def decided(office: Office) -> Callable[..., None]:
    """Decides settings, as the head of the city's office does."""

    def decide(**values: str) -> None:
        for name, value in (values or {s.name: s.proposed for s in SETTINGS.values() if s.proposed}).items():
            signature = Signature("office.1", "office_head", "620500-hrss", "2026-01-01", today())
            facts = {
                "name": name,
                "value": value,
                "since": date(2026, 1, 1),
                "basis": "市局〔2026〕1号",
                "approved_by": "office.2",
            }
            office.decide("decide", facts, signature, Command.new())

    return decide


# The counter


class Counter:
    """Asks the API as an officer of a role."""

    def __init__(self, app: Any, url: str):
        self.client, self.url = app.test_client(), url
        self.tokens: dict[tuple[str, str, str], str] = {}

    def token(self, role: str, office: str = "620502-hrss", division: str | None = None) -> str:
        division = division or office[:6]
        key = (role, office, division)
        if key not in self.tokens:
            with connect(self.url, "owner") as connection:
                officer = {"inspector_lead": "lead.1", "intake": "intake.1"}.get(role, f"{role}.x")
                self.tokens[key] = tokens.issue(connection, Actor(officer, role, office, division))
        return self.tokens[key]

    def ask(self, method: str, path: str, role: str | None = "inspector_lead", *, office: str = "620502-hrss",
            division: str | None = None, body: Any = None, version: int | None = None, **headers: str) -> Any:  # fmt: skip
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role:
            sent["Authorization"] = f"Bearer {self.token(role, office, division)}"
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        return self.client.open(path, method=method, json=body, headers=sent)

    def receive(self, **facts: Any) -> dict[str, Any]:
        answer = self.ask("POST", "/api/cases", "intake", body={"on": "2026-03-02", **RECEIVED, **facts})
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def act(self, case: dict[str, Any], action: str, role: str = "inspector_lead", **facts: Any) -> Any:
        body = {"on": "2026-03-02", **facts}
        return self.ask("POST", f"/api/cases/{case['id']}/{action}", role, body=body, version=case["version"])


AT_WORK: dict[str, Any] = {}
"""The office and the views that the counter has before it in this test."""


@pytest.fixture(scope="session")
def app() -> Flask:
    """The counter, made once: it is the office behind it that each test has of its own."""
    return create_app(lambda: AT_WORK["office"], lambda: AT_WORK["views"])


@pytest.fixture
def at_work(app: Flask, office: Office, views: Views) -> Iterator[Flask]:
    """The counter over the office of this test."""
    AT_WORK.update(office=office, views=views)
    yield app
    AT_WORK.clear()


@pytest.fixture
def counter(at_work: Flask, url: str) -> Counter:
    return Counter(at_work, url)
