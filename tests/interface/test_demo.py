"""The demo city: every number the article prints, and the states, delays and repeats a city has."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import make_conninfo

from application.database import connect
from application.office import Office, today
from application.vault import Vault
from domain import uscc
from domain.case import Case
from domain.case_lifecycle import STATUSES
from domain.event import Event
from domain.powers import Actor, decide
from domain.privacy import personal_data
from domain.records import RECORDS
from domain.rules.calendar import CALENDAR
from domain.vocabulary import decode
from interface import demo
from interface.app import create_app
from interface.cli import main
from interface.demo.book import Book
from interface.demo.city import FIRMS, firms
from interface.demo.clues import COURSES
from projections.projector import Projector
from projections.reports import REPORTS, Asked, run
from projections.views import Views
from tests.conftest import Counter as Desk

WINDOW = Asked(date(2025, 1, 1), date(2025, 4, 10), "620500")
ARTICLE = {
    "divisions_inspected": 7, "sites_supervised": 50, "employers_inspected": 284, "rectification_orders": 19, "cases_publicised": 7,
    "employers_listed": 2, "clues_received": 2081, "petitions_closed": 78, "trainings": 7, "leaflets": 1130, "consultations": 390,
    "police_referrals": 1, "discipline_referrals": 1, "arrears_recovered": "4800000.00",
}  # fmt: skip
REFERENCES = {"document_no", "number", "uscc", "sha256", "list_sha256", "key", "drawn", "seed"}
COUNTIES = {"620502", "620503", "620521", "620522", "620523", "620524", "620525"}


class Loaded:
    """A city, loaded and projected."""

    def __init__(self, url: str):
        self.url = url
        self.office = Office(url, Vault(b"k" * 32))
        self.views = Views(self.office.datastore.get_connection)
        self.desk = Desk(create_app(lambda: self.office, lambda: self.views), url)
        began = time.perf_counter()
        self.book: Book = demo.load_city(self.office)
        print(f"loaded in {time.perf_counter() - began:.1f} s")
        self.project()

    def project(self) -> None:
        with connect(self.url, "projector") as connection:
            Projector(lambda: connection).catch_up(connection)

    def get(self, path: str, role: str = "supervisor", office: str = "620500-rights_centre") -> Any:
        answer = self.desk.ask("GET", path, role, office=office)
        assert answer.status_code == 200, answer.text
        return answer.json

    def report(self) -> dict[str, Any]:
        return dict(run(self.views, REPORTS["six-mechanisms"], WINDOW, self.office.rulebook)["values"])

    @cached_property
    def events(self) -> list[Event]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute("SELECT event, state FROM qingxin.events ORDER BY position").fetchall()
        return [decode(event, bytes(state)) for event, state in rows]

    @property
    def cases(self) -> list[Case]:
        return list(self.book.cases.values())

    @property
    def entries(self) -> set[tuple[Any, ...]]:
        """What was recorded when, apart from what was drawn and what no two loads have in common."""
        told = ("by", "on", "amount", "number", "document_no", "summary", "persons")
        return {
            (type(event).__name__, *(str(event.fact(name)) for name in told))
            for event in self.events
            if not event.fact("draw") and not type(event).__name__.startswith(("Draw", "Person"))
        }


@contextmanager
def city(server: str, template: str) -> Iterator[Loaded]:
    name = f"qx_demo_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield Loaded(make_conninfo(server, dbname=name))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def tianshui(server: str, template: str) -> Iterator[Loaded]:
    with city(server, template) as loaded:
        yield loaded


class TestTheArticle:
    def test_is_reproduced_to_the_last_number(self, tianshui: Loaded):
        report = tianshui.report()

        assert {name: report[name] for name in ARTICLE} == ARTICLE
        assert report["inspection_visits"] > 284
        assert report["asked"] > report["answered"] > 300
        assert float(report["first_answer_satisfaction"]) > 80

    def test_tells_of_its_own_days_only_and_of_the_last_weeks(self, tianshui: Loaded):
        days = {str(event.on) for event in tianshui.events}

        assert min(days) == "2025-01-01"
        assert not [day for day in days if "2025-04-10" < day < "2026-06"]

    def test_has_as_many_clues_as_its_courses(self):
        assert sum(course.count for course in COURSES) == demo.CASES == 2081


class TestTheCity:
    def test_has_cases_in_every_state(self, tianshui: Loaded):
        standing = Counter(case.status_on(today()) for case in tianshui.cases)

        assert set(standing) == set(STATUSES)
        assert {
            row["status"] for status in STATUSES for row in tianshui.get(f"/api/cases?status={status}&limit=1")
        } == set(STATUSES)

    def test_spreads_over_its_counties_and_channels(self, tianshui: Loaded):
        counties = Counter(case.division for case in tianshui.cases)
        channels = Counter(case.channel for case in tianshui.cases)

        assert set(counties) == COUNTIES
        assert counties["620502"] > 5 * counties["620525"]
        assert len(channels) == 15
        assert channels.most_common(1)[0][0] == "hotline_12345"

    def test_knows_repeats_returns_corrections_and_what_was_revoked(self, tianshui: Loaded):
        kinds = Counter(type(event).__name__ for event in tianshui.events)

        for name in ("CaseLinked", "CaseReturned", "CaseCorrected", "CaseRevoked", "CaseExtended", "CaseEscalated", "CaseReopened",
                     "CaseWithdrawn", "CaseNoted", "CaseAnswered", "ProjectCleared", "ProjectFollowed", "InspectionPunished",
                     "InspectionLinked", "DrawMade", "EmployerObjected", "CampaignEnded"):  # fmt: skip
            assert kinds[name] > 0, name

    def test_pays_and_asks_in_every_way(self, tianshui: Loaded):
        found = {
            fact: {event.fact(fact) for event in tianshui.events}
            for fact in ("mode", "satisfaction", "level", "severity")
        }
        paid = {event.kind for event in tianshui.events if type(event).__name__ == "CasePaid"}

        assert {"phone", "visit", "follow_up", "periodic_check", "random_check"} <= found["mode"]
        assert {"satisfied", "basically", "dissatisfied", "no_answer"} <= found["satisfaction"]
        assert {"county", "city"} <= found["level"]
        assert {"G", "S", "M"} <= found["severity"]
        assert paid == {"arrears", "current", "extra_compensation"}

    def test_has_late_answers_and_open_ones_past_due(self, tianshui: Loaded):
        assert tianshui.get("/api/cases?overdue=true")
        states = Counter(
            (clock["clock"], clock["state"], clock["stopped"] is not None)
            for case in tianshui.cases
            if case.number and case.complainant_kind == "complaint" and case.step in (10, 95)
            for clock in tianshui.get(f"/api/cases/{case.id}/clocks")
        )
        assert states["C01", "late", True] >= 5
        assert states["C01", "late", False] >= 5

    def test_has_a_day_that_hangs_on_a_calendar_not_yet_published(self, tianshui: Loaded):
        recent = [case for case in tianshui.cases if case.filed_on and case.filed_on > "2025-12-31"]
        clocks = [
            clock
            for case in recent
            for clock in tianshui.get(f"/api/cases/{case.id}/clocks")
            if clock["clock"] == "C02"
        ]

        hangs = [CALENDAR.add_working_days(date.fromisoformat(str(case.filed_on)), 60).provisional for case in recent]
        assert [clock["due"] for clock in clocks]
        assert any(clock["state"] == "provisional" for clock in clocks) == any(hangs)

    def test_finds_who_has_called_before(self, tianshui: Loaded):
        again = [
            case for case in tianshui.cases if case.person and case.received_on and case.received_on > "2025-12-31"
        ]

        found = {
            reason
            for case in again
            for row in tianshui.get(f"/api/cases/{case.id}/duplicates")
            for reason in row["reasons"]
        }
        assert {"phone", "employer", "project"} <= found


class TestRecording:
    def test_was_done_by_officers_with_the_power(self, tianshui: Loaded):
        action_of = {
            event: action if sort == "case" else f"{sort}.{action}"
            for sort, record in RECORDS.items()
            for action, event in record.actions.items()
        }
        for record in tianshui.book.records:
            for event in (entry.event for entry in record.entries):
                actor = Actor(event.by, event.role, event.office, event.office[:6])
                if action := action_of.get(type(event)):
                    assert decide(actor, action, record).allowed, (actor, action, record)

    def test_left_nobody_in_the_events(self, tianshui: Loaded):
        for event in tianshui.events:
            assert not any(personal_data(text) for text in texts(msgspec.to_builtins(event)))
        told = b"".join(msgspec.json.encode(event) for event in tianshui.events)
        assert "工人甲".encode() not in told
        with tianshui.office.datastore.get_connection() as connection:
            sealed = [tianshui.office.vault.person(connection, case.person) for case in tianshui.cases if case.person]
        assert len(sealed) > 40
        assert not [contact for contact in sealed if contact["phone"].encode() in told]

    def test_keeps_whole_chains(self, tianshui: Loaded):
        assert all(tianshui.office.broken_link(case.id) is None for case in tianshui.cases[::97])

    def test_names_firms_by_right_codes(self):
        coded = [firm.uscc for firm in firms() if firm.uscc]

        assert all(map(uscc.valid, coded))
        assert len(set(coded)) == len(coded) > 290
        assert len({firm.name for firm in firms()}) == FIRMS

    def test_is_the_same_at_every_load(self, tianshui: Loaded, server: str, template: str):
        with city(server, template) as again:
            assert again.entries == tianshui.entries
            assert again.report() == tianshui.report()
            assert {case.id for case in again.cases} == {case.id for case in tianshui.cases}


class TestScaling:
    def test_adds_as_many_and_leaves_the_article_alone(self, tianshui: Loaded, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", tianshui.url)
        monkeypatch.setenv("QINGXIN_HOME", str(tmp_path))
        before, report = count(tianshui), tianshui.report()

        first = CliRunner().invoke(main, ["demo", "--scale", "1"], catch_exceptions=False)
        again = CliRunner().invoke(main, ["demo", "--scale", "1"], catch_exceptions=False)

        assert (first.exit_code, again.exit_code) == (0, 1), first.output
        assert "recorded before" in again.stderr
        assert count(tianshui) == before + demo.CASES
        assert tianshui.report() == report


def count(loaded: Loaded) -> int:
    with psycopg.connect(loaded.url) as connection:
        row = connection.execute("SELECT count(*) FROM qingxin.case_facts").fetchone()
    assert row is not None
    return int(row[0])


def texts(value: Any) -> Iterator[str]:
    """Every text in an event that is no reference to a paper or a person."""
    match value:
        case str():
            yield value
        case dict():
            for name, part in value.items():
                if name not in REFERENCES:
                    yield from texts(part)
        case list() | tuple():
            for part in value:
                yield from texts(part)
