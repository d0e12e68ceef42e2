"""The due days SQL judges by are those of the law, whatever happened to a case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from psycopg.rows import dict_row

from domain.case import Case
from domain.record import Entry, standing
from domain.rulebook import Rulebook
from domain.rules.calendar import CALENDAR, Year
from domain.rules.clocks import ROWS, readings
from domain.rules.settings import PROPOSED, Decided, Settings
from projections.reports import Asked
from projections.reports.due import days, expanded
from projections.reports.oversight import OVERSIGHT
from projections.reports.running import Moment, statement
from tests.conftest import ACTIONS, FACTS, RECEIVED, signed
from tests.domain import test_walks
from tests.domain.test_walks import walks
from tests.projections.test_case_facts import EACH, START, TODAY, Rolled, lines

CLOCKS = ("C01", "C02", "C03", "C07", "C19")
ASKED = Asked(date(2026, 1, 1), date(2026, 12, 31), "620500", on=TODAY)


@pytest.fixture(autouse=True)
def _investigations_end(monkeypatch):
    """Walks that also end an investigation, decide, and extend a petition."""
    more = {
        "conclude": ("inspect", {**FACTS["inspect"], "final": True}),
        "decide": ("order", {**FACTS["order"], "kind": "treatment_decision", "document_no": "决〔2026〕1号"}),
        "extend_petition": ("extend", {**FACTS["extend"], "clock": "C19"}),
        "extend_decision": ("extend", {**FACTS["extend"], "clock": "C03"}),
    }
    for name, (action, facts) in more.items():
        monkeypatch.setitem(FACTS, name, facts)
        monkeypatch.setitem(ACTIONS, name, action)
    monkeypatch.setattr(test_walks, "STEPS", [*test_walks.STEPS, *more, "file", "reopen", "close"])


def terms(connection: Any, settings: Settings = PROPOSED) -> dict[str, dict[str, Any]]:
    """The clocks of the one case in the journal, as the reports judge it."""
    book = Rulebook(uuid4(), decided=list(settings.decided))
    question = statement(
        OVERSIGHT, ASKED, Moment(0, datetime(2027, 1, 1, tzinfo=UTC), book, False), answer="SELECT * FROM running"
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return {row["clock"]: row for row in cursor.execute(question.sql, question.parameters)}


def read(case: Case, settings: Settings = PROPOSED) -> dict[str, Any]:
    """The latest reading of each clock, as the law has it."""
    stamped = [Entry(e.originator_id, e.version, e.event, START + timedelta(hours=e.version)) for e in case.entries]
    return {each.clock: each for each in readings(standing(stamped), today=TODAY, settings=settings)}


class TestTermsInSqlAndInTheLaw:
    @EACH
    @given(case=walks())
    def test_agree_on_every_due_day(self, url, case):
        with Rolled(url) as connection:
            lines(connection, case)
            found = terms(connection)

        for clock, reading in read(case).items():
            if clock in CLOCKS and reading.due:
                assert found[clock]["due"] == reading.due, clock
                assert found[clock]["extended_on"] == reading.extended, clock
        for clock in ("C01", "C02", "C03", "C19"):
            if clock in found:
                assert found[clock]["stopped_on"] == read(case)[clock].stopped, clock
                assert found[clock]["stopped"] or read(case)[clock].stopped is None, clock

    def test_a_suspension_moves_them(self, url):
        allowed = Settings([*PROPOSED.decided, Decided("suspension_allowed", "1", date(2026, 1, 1))])
        case = _suspended(allowed)
        with Rolled(url) as connection:
            lines(connection, case)
            found = terms(connection, allowed)["C02"]

        assert found["due"] == read(case, allowed)["C02"].due > date(2026, 5, 29)

    def test_what_the_office_has_not_decided_is_not_judged(self, url):
        case = Case(uuid4()).signed(signed())
        case.receive(**{**RECEIVED, "channel": "hotline_12345"})
        with Rolled(url) as connection:
            lines(connection, case)

            assert "C21" not in terms(connection, Settings())
            assert terms(connection)["C21"]["due"] == date(2026, 3, 23)


def _suspended(settings: Settings) -> Case:
    case = Case(uuid4()).signed(signed(settings=settings))
    case.receive(**RECEIVED)
    case.file(**FACTS["file"])
    case.signed(signed(on=date(2026, 3, 9), settings=settings))
    case.suspend(clock="C02", reason="当事人下落不明", approved_by="head.1")
    case.signed(signed(on=date(2026, 3, 19), settings=settings))
    case.resume(clock="C02", reason="已找到")
    return case


class TestTheCalendarOfAQuestion:
    def test_says_what_the_calendar_says(self):
        given = days(CALENDAR)
        ordinals, working = given["ordinals"][1:-1].split(","), given["working"][1:-1].split(",")
        place = (date(2026, 9, 18) - date(2000, 1, 1)).days

        assert working[int(ordinals[place]) + 5 - 1] == "2026-09-24"
        assert len(working) == int(ordinals[-1])

    def test_is_the_one_with_the_years_loaded(self):
        loaded = CALENDAR.with_year(Year(2027, (date(2027, 2, 8),), ()))

        assert days(loaded) != days(CALENDAR)


class TestAPage:
    def test_has_the_numbers_of_the_law_from_its_rows(self):
        book = Rulebook(uuid4())
        numbers = {row.id: row.n for row in ROWS if row.id in ("C01", "C02", "C19")}

        for clock, n in numbers.items():
            assert f"+ {n}" in expanded(f"{{due({clock}, received_on)}}", book) or f"({n})" in expanded(
                f"{{due({clock}, received_on)}}", book
            )

    def test_judges_each_day_by_the_setting_in_force_on_it(self):
        book = Rulebook(
            uuid4(), decided=[Decided("idle_days", "10", date(2026, 1, 1)), Decided("idle_days", "5", date(2026, 7, 1))]
        )

        assert expanded("{setting(idle_days, last_on)}", book) == (
            "CASE WHEN last_on >= DATE '2026-07-01' THEN 5 WHEN last_on >= DATE '2026-01-01' THEN 10 ELSE NULL END"
        )
