"""What the tests of the counter and of its pages share: a record of each sort, and a browser without a screen."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from application import accounts
from application.database import connect
from domain.powers import Actor, Place
from interface.api.records import PLURALS
from tests.conftest import RECEIVED, Counter

OFFICE = "620502-hrss"
OURS = Place("620502", "housing", {OFFICE})
FIRM = {"name": "渭河建筑有限公司"}
OPENING: dict[str, dict[str, Any]] = {
    "case": RECEIVED,
    "project": {"name": "安置房", "industry": "housing", "contractor": FIRM},
    "campaign": {"name": "攻坚", "team": [OFFICE], "since": "2026-03-01", "until": "2026-03-31", "industry": "housing"},
    "inspection": {"kind": "routine", "employer": FIRM, "inspectors": ["a", "b"], "industry": "housing"},
    "employer": {"employer": FIRM, "industry": "housing"},
    "training": {"kind": "policy", "topic": "条例", "attendance": 1, "leaflets": 1, "consultations": 1, "industry": "housing"},
    "draw": {"purpose": "inspection", "size": 1, "candidates": [{"key": "a"}]},
}  # fmt: skip
WITHOUT_INDUSTRY = {"draw"}
CALLER = {"name": "张三", "phone": "13900001234"}
DISCIPLINE = "620500-discipline"
ELSEWHERE = "620503-hrss"


class Window:
    """A browser in which an officer is signed in, or a stranger looks."""

    def __init__(self, app: Flask, secret: str | None = None):
        self.client = app.test_client()
        if secret is not None:
            with self.client.session_transaction() as session:
                session["secret"] = secret

    def ask(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def see(self, address: str, status: int = 200) -> str:
        answer = self.ask(address)
        assert answer.status_code == status, (address, answer.status_code, text_of(answer.text)[-300:])
        return str(answer.text)

    def send(self, address: str, status: int = 303, *, form_at: str = "/keys", **said: Any) -> str:
        """Send a form, with the token of a page that has one."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.see(form_at))
        assert found
        answer = self.client.post(address, data={"csrf_token": unescape(found[1]), **said})
        assert answer.status_code == status, (address, answer.status_code, text_of(answer.text)[-600:])
        return str(answer.text)


def rows_of(file: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file, each by its headings."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page)).split())


@pytest.fixture
def window(counter: Counter, url: str) -> Callable[..., Window]:
    """Opens a window for an officer of a role at an office; for a stranger without one."""
    secrets: dict[tuple[str, str], str] = {}

    def opened(role: str | None = "inspector_lead", office: str = OFFICE, officer: str | None = None) -> Window:
        if role is None:
            return Window(counter.client.application)
        name = officer or {"inspector_lead": "lead.1", "intake": "intake.1"}.get(role, f"{role}.x")
        key = (name, office)
        if key not in secrets:
            actor = Actor(name, role, office, office[:6])
            with connect(url, "owner") as connection:
                account = accounts.add(
                    connection, f"{name}@{office}", None, actor, subject=f"https://idp|{name}@{office}"
                )
                secrets[key] = accounts.start(connection, account)
        return Window(counter.client.application, secrets[key])

    return opened


@pytest.fixture
def ids(counter: Counter, catch_up) -> dict[str, str]:
    """One record of each sort, of the county's own."""
    found = {"case": counter.receive(industry="housing", contact=CALLER)["id"]}
    for sort, (plural, _described) in PLURALS.items():
        body = {"on": "2026-03-10", "division": "620502", **OPENING[sort]}
        answer = counter.ask("POST", f"/api/{plural}", "body_head", body=body)
        assert answer.status_code == 201, answer.text
        found[sort] = answer.json["id"]
    catch_up()
    return found
