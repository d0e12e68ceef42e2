"""The lists of the desk, over invented lines with gaps and ties: every page, every count and every place is what sorting all of it says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any
from uuid import UUID

import pytest

from application.database import Connection, connect
from application.office import Command, Office, today
from domain.case_lifecycle import STEPS
from domain.powers import Scope
from projections import desk
from projections.pages import Query
from projections.views import STANDING, Views, decoded, encoded, filtered, pairs, seen_by
from tests.conftest import RECEIVED, Desk, own_database, signed

TODAY = date(2026, 11, 24)
LINES = 330
CITY = Scope(divisions="6205", industry=None, offices=("620500-hrss",))
COUNTY = Scope(divisions="620502", industry=None, offices=("620502-hrss",))
KEEPER = Scope(divisions="6205", industry="housing", offices=("620500-housing",))
GUEST = Scope(divisions=None, industry=None, offices=("620503-hrss",))
ORDERS = ["", *desk.CASES_BY, *(f"-{name}" for name in desk.CASES_BY)]
NEEDED = {
    "inspections": 0, "orders": 0, "payments": 0, "revisits": 0, "returns": 0, "reopenings": 0, "persons_paid": 0, "paid": 0,
    "current_paid": 0, "filings": 0, "declines": 0, "closings": 0, "rebounded": False, "escalations": 0, "police_referrals": 0,
    "police_filed": 0, "reached": 0, "suspensions": 0, "c01_stopped": False, "c02_stopped": False, "c03_stopped": False,
    "c19_stopped": False, "c21_stopped": False, "version": 1,
    "first_by": TODAY, "last_by": TODAY, "first_recorded_at": "2026-11-24T00:00:00Z", "last_recorded_at": "2026-11-24T00:00:00Z",
}  # fmt: skip


def line(number: int, chance: random.Random) -> dict[str, Any]:
    """A case that may lack anything, and is much like the others."""

    def day() -> date | None:
        return chance.choice([None, *(TODAY + timedelta(days) for days in range(-4, 4))])

    def money() -> Decimal | None:
        return chance.choice([None, Decimal(0), Decimal("1.50"), Decimal(70_000)])

    status = chance.choice(list(STEPS))
    return {
        **NEEDED, "record": UUID(int=chance.getrandbits(128)), "number": chance.choice([None, f"620502-2026-{number:06d}"]),
        "division": chance.choice(["620500", "620502", "620503", "620502"]), "industry": chance.choice([None, "housing", "water"]),
        "channel": chance.choice(["petition", "hotline_12345"]), "employer": chance.choice([None, "甲子建筑", "乙丑路桥", "Zhao 50%_ Ltd"]),
        "employer_key": "x", "project": chance.choice([None, "河堤工程"]), "summary": chance.choice(["反映拖欠工资", "ABC 拖欠"]),
        "offices": chance.choice([None, "620502-hrss", "620503-hrss,620500-housing"]), "office": chance.choice([None, "620502-hrss"]),
        "officers": chance.choice([None, "lead.1,second.1", "lead.2"]), "received_on": day(), "due_on": day(), "last_on": day(),
        "closed_on": day(), "persons_claimed": chance.choice([None, 1, 9]), "persons_confirmed": chance.choice([None, None, 2]),
        "claimed": money(), "balance": money(), "step": STEPS[status], "status": status, "first_seq": number * 3, "last_seq": number * 3,
    }  # fmt: skip


def put(connection: Connection, lines: list[dict[str, Any]]) -> None:
    columns = list(lines[0])
    marks = ", ".join(f"%({name})s" for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO case_facts ({', '.join(columns)}) VALUES ({marks})", lines)
    connection.execute("ANALYZE case_facts")


@pytest.fixture
def desk_(office: Office) -> Desk:
    """The office at work; ``desk`` is what is tested here."""
    return Desk(office)


@contextmanager
def a_list(server: str, template: str, lines: int) -> Iterator[str]:
    """A database with a list of cases in it, which tests only read."""
    chance = random.Random(7)
    with own_database(server, template) as own:
        with connect(own, "owner") as owner:
            put(owner, [line(number, chance) for number in range(1, lines + 1)])
        yield own


@pytest.fixture(scope="module")
def list_url(server: str, template: str) -> Iterator[str]:
    with a_list(server, template, LINES) as url:
        yield url


@pytest.fixture(scope="module")
def short_url(server: str, template: str) -> Iterator[str]:
    """A short list: every line is looked for, and what it is sorted by has four values or none, so that most lines are equal to many."""
    with a_list(server, template, LINES // 3) as url:
        yield url


class OverTheList:
    """The views over that list."""

    @pytest.fixture
    def views(self, list_url: str) -> Iterator[Views]:
        with connect(list_url, "web") as connection:
            yield Views(lambda: nullcontext(connection))


def everything(views: Views, scope: Scope, filters: dict[str, Any], sort: str) -> list[dict[str, Any]]:
    """All lines of a list in its order; what is in it and what it is sorted by is asked of the table, the sorting is done here.

    Which of two texts comes first is the server's to say, whatever its language: it ranks them, and ranks are what is sorted.
    """
    sight, where = seen_by(scope), filtered(filters)
    key = desk.CASES_BY.get(sort.lstrip("-"), "NULL::integer")
    ranked = f"CASE WHEN {key} IS NOT NULL THEN dense_rank() OVER (ORDER BY {key}) END"
    sql = f"SELECT *, {ranked} AS key FROM (SELECT *, {STANDING} AS standing FROM case_facts) facts WHERE {sight.sql} AND {where.sql}"
    rows = views.ask(Query(sql, {**sight.parameters, **where.parameters, "today": TODAY}))

    def compared(one: dict[str, Any], other: dict[str, Any]) -> int:
        a, b = one["key"], other["key"]
        if a == b:
            return -1 if one["first_seq"] > other["first_seq"] else 1
        if a is None or b is None:
            return 1 if a is None else -1
        return (-1 if a < b else 1) * (-1 if sort.startswith("-") else 1)

    return sorted(rows, key=cmp_to_key(compared))


class TestPages(OverTheList):
    @pytest.mark.parametrize("sort", ORDERS)
    def test_are_the_list_cut_in_pieces(self, views: Views, sort: str):
        for scope in (CITY, COUNTY, KEEPER, GUEST):
            whole = everything(views, scope, {}, sort)
            pages = -(-len(whole) // desk.PAGE)
            found = [desk.cases(views, scope, {}, today=TODAY, sort=sort, page=page) for page in range(1, pages + 1)]

            assert [row["record"] for page in found for row in page.rows] == [row["record"] for row in whole]
            assert {page.total for page in found} == {len(whole)}

    @pytest.mark.parametrize(
        "filters",
        [
            {"status": "overdue"}, {"status": "closed", "channel": "petition"}, {"overdue": True}, {"overdue": False}, {"officer": "lead.1"},
            {"division": "620502"}, {"employer": "甲子建筑"}, {"from": TODAY, "to": TODAY + timedelta(1)}, {"q": "拖欠"}, {"q": "甲"},
            {"q": "50%_"}, {"q": "abc"}, {"q": "C 拖"}, {"q": "桥 河"}, {"q": "鳄鱼"}, {"q": "000017"}, {"q": "工程", "status": "filed"},
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("sort", ["", "-claimed", "status"])
    def test_have_what_the_filters_let_through(self, views: Views, filters: dict[str, Any], sort: str):
        whole = everything(views, CITY, filters, sort)
        found = desk.cases(views, CITY, filters, today=TODAY, sort=sort)

        assert [row["record"] for row in found.rows] == [row["record"] for row in whole[: desk.PAGE]]
        assert found.total == len(whole)

    def test_are_the_same_whichever_way_a_search_is_made(self, views: Views, monkeypatch: pytest.MonkeyPatch):
        for wanted in ("拖欠", "工程", "甲子建", "Zhao", "620502-2026"):
            found = []
            for common in (0, 10**9):
                monkeypatch.setattr(desk, "COMMON", common)
                found.append(desk.cases(views, CITY, {"q": wanted}, today=TODAY, sort="due"))
            assert found[0] == found[1]
            assert found[0].total > 0


class TestPlace:
    @pytest.fixture
    def views(self, short_url: str) -> Iterator[Views]:
        with connect(short_url, "web") as connection:
            yield Views(lambda: nullcontext(connection))

    @pytest.mark.parametrize("sort", ORDERS)
    def test_is_where_the_list_has_it_for_every_line(self, views: Views, sort: str):
        for scope, filters in ((CITY, {}), (COUNTY, {"q": "拖欠"}), (KEEPER, {"overdue": False})):
            records = [row["record"] for row in everything(views, scope, filters, sort)]
            for place, record in enumerate(records, start=1):
                around = desk.case_around(views, scope, filters, record, today=TODAY, sort=sort)

                before, after = (
                    records[place - 2] if place > 1 else None,
                    records[place] if place < len(records) else None,
                )
                assert around == desk.Around(place, len(records), before, after)

    def test_is_none_for_what_is_not_in_the_list(self, views: Views):
        [other] = views.ask(
            Query("SELECT record FROM case_facts WHERE division = '620500' AND offices IS NULL LIMIT 1", {})
        )

        assert desk.case_around(views, COUNTY, {}, other["record"], today=TODAY) is None
        assert desk.case_around(views, CITY, {"q": "鳄鱼"}, other["record"], today=TODAY) is None

    def test_is_the_same_as_a_window_says(self, views: Views):
        for sort in ("", "-claimed", "persons"):
            source, order = desk._lines(views, CITY, {}, TODAY), desk._order(sort, desk.CASES_BY)
            for row in views.ask(source)[::25]:
                assert desk._around(views, source, order, row["record"]) == desk._around_then(
                    views, source, order, row["record"]
                )


class TestPast:
    def test_a_list_of_a_past_day_is_the_register_of_that_day(self, views: Views, desk_: Desk, catch_up):
        """The register works it out over every case there is; the list leaves out early what cannot be in it."""
        others = {"division": "620503", "channel": "hotline_12345"}
        away = desk_.story("assign", on=date(2026, 3, 3), **others)
        desk_.act(away, "assign", to_office="620503-hrss", on=date(2026, 3, 20))
        for day in (2, 9, 16):
            desk_.story("assign", "file", on=date(2026, 3, day))
            case = desk_.story(on=date(2026, 3, day), **others)
            desk_.act(
                case,
                "correct",
                version=1,
                field="channel",
                value="petition",
                reason="x",
                approved_by="head.1",
                on=date(2026, 3, 20),
            )
        vague = desk_.office.receive(
            {**RECEIVED}, signed("intake.1", "intake", "2026-03", today=today()), Command.new()
        ).case
        desk_.act(vague, "assign", on=date(2026, 3, 3))  # before it had surely been received
        catch_up()

        for scope in (CITY, COUNTY, GUEST, KEEPER):
            for on in (date(2026, 3, day) for day in (1, 2, 5, 9, 19, 21, 31)):
                for filters in ({}, {"division": "620503"}, {"channel": "petition"}, {"channel": "hotline_12345"}, {"from": date(2026, 3, 3)},
                                {"to": date(2026, 3, 9), "division": "620502"}, {"q": "拖欠", "status": "assigned"}):  # fmt: skip
                    listed = desk.cases(views, scope, filters, today=TODAY, on=on)
                    rows, _ = views.register(scope, filters, today=TODAY, limit=100, on=on)
                    assert [row["record"] for row in listed.rows] == [row["record"] for row in rows], (
                        scope,
                        on,
                        filters,
                    )
                    for row in rows[:2]:
                        around = desk.case_around(views, scope, filters, row["record"], today=TODAY, on=on)
                        assert around is not None
                        assert around.total == len(rows)
                    for sort, key in (("number", "number"), ("-received", "received_on"), ("claimed", "claimed")):
                        shown = desk.cases(views, scope, filters, today=TODAY, on=on, sort=sort).rows
                        assert {row["record"] for row in shown} == {row["record"] for row in rows}
                        told = [row[key] for row in shown if row[key] is not None]
                        assert told == sorted(told, reverse=sort.startswith("-"))


class TestWaiting(OverTheList):
    @pytest.mark.parametrize("most", [5, 60, 200])
    @pytest.mark.parametrize("scope", [CITY, COUNTY, KEEPER])
    def test_has_the_open_ones_first_and_those_with_the_nearest_term(self, views: Views, scope: Scope, most: int):
        sight = seen_by(scope)
        sql = (
            f"SELECT record FROM case_facts WHERE {sight.sql} AND (step < 95 AND (office = '620502-hrss' OR office IS NULL) OR step = 100)"
            f" ORDER BY step = 100, due_on NULLS LAST, first_seq LIMIT {most}"
        )
        expected = [row["record"] for row in views.ask(Query(sql, sight.parameters))]

        assert [row["record"] for row in views.waiting(scope, "620502-hrss", today=TODAY, most=most)] == expected

    @pytest.mark.parametrize("wanted", [{}, {"open_": False}, {"closed": False}])
    def test_comes_page_by_page_without_a_gap(self, views: Views, wanted: dict[str, bool]):
        whole = views.waiting(CITY, "620502-hrss", today=TODAY, most=1000, **wanted)

        paged = [
            row
            for skipped in range(0, len(whole) + 7, 7)
            for row in views.waiting(CITY, "620502-hrss", today=TODAY, most=7, skipped=skipped, **wanted)
        ]

        assert paged == whole
        assert whole

    def test_revisits_come_longest_closed_first_over_all_their_pages(self, views: Views):
        sight = seen_by(CITY)
        sql = f"SELECT record FROM case_facts WHERE {sight.sql} AND step = 100 AND closed_on <= %(day)s ORDER BY closed_on, first_seq"
        expected = [row["record"] for row in views.ask(Query(sql, {**sight.parameters, "day": TODAY - timedelta(1)}))]
        found, cursor = [], None
        while True:
            rows, cursor = views.revisits_due(CITY, today=TODAY, after=1, limit=3, cursor=cursor)
            found += [row["record"] for row in rows]
            if cursor is None:
                break

        assert len(expected) > 6
        assert found == expected
        assert views.revisits_due(CITY, today=TODAY, after=1, limit=3, cursor=encoded(10**18 - 1)) == ([], None)


class TestPlans:
    def test_a_list_is_a_pass_over_the_index_of_lists_alone(
        self, views: Views, owner: Connection, monkeypatch: pytest.MonkeyPatch
    ):
        """A column that the index lacks would make every list read the whole table."""
        chance = random.Random(8)
        put(owner, [line(number, chance) for number in range(1, 3001)])
        owner.execute("VACUUM ANALYZE case_facts")
        monkeypatch.setattr(desk, "COMMON", 0)
        owner.execute("SET enable_seqscan = off")
        owner.execute("SET enable_bitmapscan = off")

        for filters in (
            {},
            {"q": "拖欠"},
            {"status": "closed", "channel": "petition", "officer": "lead.1"},
            {"employer": "x", "overdue": True},
        ):
            lines = desk._lines(views, CITY, filters, TODAY)
            for key in {"first_seq", *desk.CASES_BY.values()} - {"number"}:  # which has an index of its own
                sql = f"EXPLAIN SELECT first_seq FROM ({lines.sql}) lines ORDER BY {key} LIMIT 50"
                plan = "\n".join(row[0] for row in owner.execute(sql, lines.parameters).fetchall())
                assert "Index Only Scan" in plan, (filters, key, plan)
                assert "case_facts_lists" in plan or "case_facts_sight" in plan, (filters, key, plan)

    def test_pairs_are_those_of_the_index(self, owner: Connection):
        [(made,)] = owner.execute("SELECT bigrams('甲子Ab')").fetchall()

        assert sorted(made) == sorted(pairs("甲子Ab"))
        assert decoded(encoded(7)) == 7
