"""The read models follow the events, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from functools import partial
from uuid import uuid4

import eventsourcing.persistence as es
import psycopg
import pytest

from application.database import connect
from projections.pages import IN_FORCE, Query
from projections.projector import LEADER, Projector
from projections.views import Views
from tests.conftest import Desk


def running(url: str, **options) -> tuple[Projector, threading.Thread]:
    projector = Projector(partial(connect, url, "projector"), **options)
    thread = threading.Thread(target=projector.run)
    thread.start()
    return projector, thread


def waited(question, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(answer)


class TestFollowing:
    def test_sees_what_is_recorded_while_it_runs(self, desk: Desk, views: Views, url):
        projector, thread = running(url)
        desk.story("assign", "file", "inspect")
        last = desk.last

        assert views.wait(last.position, 5)

        projector.stop()
        thread.join()
        [row] = views.ask(Query("SELECT version, status FROM case_facts", {}))
        assert (row["version"], row["status"]) == (4, "investigating")

    def test_goes_on_where_it_stopped(self, desk: Desk, catch_up, views: Views):
        desk.story("assign")
        assert catch_up() == 2
        desk.story("assign", "file")

        assert (catch_up(), catch_up()) == (3, 0)

    def test_a_page_that_comes_twice_changes_nothing(self, desk: Desk, url, catch_up, views: Views):
        desk.story("file", "inspect", "pay")
        catch_up()
        before = (
            views.ask(Query("SELECT * FROM case_facts", {})),
            views.ask(Query("SELECT * FROM journal ORDER BY seq", {})),
        )
        with connect(url, "projector") as connection:
            connection.execute("UPDATE projection SET seq = 0")
        catch_up()

        assert (
            views.ask(Query("SELECT * FROM case_facts", {})),
            views.ask(Query("SELECT * FROM journal ORDER BY seq", {})),
        ) == before

    def test_numbers_events_densely_and_for_good(self, desk: Desk, catch_up, views: Views):
        case = desk.story("assign", "file", "inspect")
        catch_up()

        assert views.seqs(case.id) == {1: 1, 2: 2, 3: 3, 4: 4}

    def test_connects_again_when_its_connection_is_killed(self, desk: Desk, views: Views, url, server):
        projector, thread = running(url)
        for _ in range(3):
            desk.story("assign")
            assert views.wait(desk.last.position, 10)
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'qingxin-projector' AND datname = %s",
                    (psycopg.conninfo.conninfo_to_dict(url)["dbname"],),
                )
        desk.story("assign")

        assert views.wait(desk.last.position, 10)
        projector.stop()
        thread.join()

    def test_is_led_by_one_and_taken_over_when_that_one_fails(self, desk: Desk, views: Views, url):
        with connect(url, "projector") as leader:
            leader.execute("SELECT pg_advisory_lock(%s)", (LEADER,))
            projector, thread = running(url, poll=0.05)
            desk.receive()
            assert not views.wait(desk.last.position, 0.5)
        assert views.wait(desk.last.position, 10)
        projector.stop()
        thread.join()

    def test_without_a_call_it_still_polls(self, desk: Desk, views: Views, url, monkeypatch):
        monkeypatch.setattr(type(desk.office), "_wake", lambda _: None)
        projector, thread = running(url)
        time.sleep(0.3)
        desk.receive()

        assert views.wait(desk.last.position, 5)
        projector.stop()
        thread.join()


class TestPoison:
    @pytest.mark.parametrize(
        ("event", "state"),
        [
            ("CaseVanished", b"{}"),
            ("CasePaid", b'{"by":1}'),
            ("CaseNoted", b"not json"),
            ("CaseNoted", b'{"by":"a\\u0000b","role":"r","office":"o","division":"620502","on":null,"text":"x"}'),
        ],
        ids=["unknown", "wrong types", "no json", "what the database cannot keep"],
    )
    def test_is_set_aside_with_an_alarm_while_the_others_go_on(self, desk: Desk, catch_up, views: Views, event, state):
        before = desk.story("assign")
        bad = uuid4()
        desk.office.recorder.append([es.StoredEvent(bad, 1, event, state)])
        after = desk.story("assign", "file")

        catch_up()

        health = views.health()
        assert (health["set_aside"], health["lag"]) == (1, 0)
        [aside] = views.ask(Query("SELECT record, event FROM set_aside", {}))
        assert (aside["record"], aside["event"]) == (bad, event)
        found = {
            row["record"]: row["version"] for row in views.ask(Query("SELECT record, version FROM case_facts", {}))
        }
        assert found == {before.id: 2, after.id: 3}


def test_a_fault_of_our_own_sets_no_event_aside(desk: Desk, url, views: Views, monkeypatch):
    desk.story("assign")
    monkeypatch.setattr("projections.projector.UPSERT", "SELECT nonsense")

    with connect(url, "projector") as connection, pytest.raises(psycopg.errors.UndefinedColumn):
        Projector(lambda: connection).catch_up(connection)

    assert (views.health()["set_aside"], views.health()["lag"]) == (0, 2)


class TestCorrections:
    def test_take_the_place_of_the_wrong_line_from_the_moment_they_were_known(self, desk: Desk, catch_up, views: Views):
        case = desk.story("file", "inspect", "pay")
        case = desk.act(
            case, "correct", version=4, field="amount", value="10000.00", reason="录入错误", approved_by="head.1"
        )
        case = desk.act(
            case, "correct", version=4, field="amount", value="20000.00", reason="再更正", approved_by="head.1"
        )
        catch_up()

        lines = views.ask(
            Query(f"SELECT amount, {IN_FORCE} AS current FROM journal WHERE version = 4 ORDER BY revision", {})
        )
        assert [(str(line["amount"]), line["current"]) for line in lines] == [
            ("60000.00", False),
            ("10000.00", False),
            ("20000.00", True),
        ]
        [facts] = views.ask(Query("SELECT paid FROM case_facts", {}))
        assert str(facts["paid"]) == str(case.paid) == "20000.00"

    def test_of_a_revoked_entry_end_its_line(self, desk: Desk, catch_up, views: Views):
        case = desk.story("file", "inspect", "order")
        desk.act(case, "revoke", version=4, reason="复议撤销", approved_by="head.1")
        catch_up()

        [facts] = views.ask(Query("SELECT ordered, orders FROM case_facts", {}))
        assert (facts["ordered"], facts["orders"]) == (None, 0)
