"""Two counties and a city at work: asking as whoever has the power, in as few words as may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from application.office import today
from tests.conftest import Counter

COUNTY, CITY, HOUSING, AUDIT = "620502-hrss", "620500-hrss", "620500-housing", "620500-discipline"
PROJECT = {
    "name": "滨河路安置房二期", "division": "620502", "industry": "housing",
    "contractor": {"name": "渭河建筑有限公司", "uscc": "91110000600037341L"}, "owner": {"name": "秦州城投"},
    "contract_amount": "45000000.00", "government_money": True, "permit_on": "2026-03-02", "signed_on": "2026-03-02", "workers": 120,
}  # fmt: skip


class Desks:
    """The counter, asked as one office or another; every answer must be what was expected."""

    def __init__(self, counter: Counter, catch_up: Callable[[], int]):
        self.counter, self.catch_up = counter, catch_up

    def ask(
        self, method: str, path: str, status: int, *, role: str = "inspector_lead", office: str = COUNTY, **more: Any
    ) -> Any:
        answer = self.counter.ask(method, f"/api/{path}", role, office=office, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json

    def get(self, path: str, status: int = 200, **more: Any) -> Any:
        self.catch_up()
        return self.ask("GET", path, status, **more)

    def post(self, path: str, status: int = 201, *, role: str = "inspector_lead", office: str = COUNTY, on: str = "2026-03-10",
             seen: int | None = None, **facts: Any) -> Any:  # fmt: skip
        return self.ask("POST", path, status, role=role, office=office, body={"on": on, **facts}, version=seen)

    def act(self, sort: str, record: dict[str, Any], action: str, status: int = 201, **facts: Any) -> Any:
        """Act on a record at its present version, which is then moved on."""
        answer = self.post(f"{sort}/{record['id']}/{action}", status, seen=record["version"], **facts)
        if status == 201:
            record.update(answer[next(name for name in answer if name != "event")])
        return answer

    def report(
        self, name: str = "six-mechanisms", *, role: str = "office_head", office: str = CITY, **asked: str
    ) -> dict[str, Any]:
        query = "&".join(f"{key}={value}" for key, value in {"from": "2026-01-01", "to": str(today()), **asked}.items())
        return dict(self.get(f"reports/{name}?{query}", role=role, office=office)["values"])


@pytest.fixture
def desks(counter: Counter, catch_up: Callable[[], int]) -> Desks:
    return Desks(counter, catch_up)


def days(start: str, count: int) -> str:
    return (date.fromisoformat(start) + timedelta(days=count)).isoformat()
