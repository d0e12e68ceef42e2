"""The read models can be made again, and an altered one cannot hide."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest

from application.database import connect
from projections.projector import Projector
from projections.rebuild import check, rebuild
from projections.views import Views
from tests.conftest import Desk


@pytest.fixture
def filled(desk: Desk, catch_up):
    case = desk.story("assign", "file", "inspect", "order", "serve", "pay")
    desk.act(case, "correct", version=7, field="amount", value="30000.00", reason="录入错误", approved_by="head.1")
    for _ in range(5):
        desk.story("assign", contact={"name": "张三"})
    catch_up()
    return case


def test_rebuilt_equals_live(filled, url):
    with connect(url, "owner") as owner:
        assert check(owner) == []


@pytest.mark.parametrize(
    ("alteration", "table", "column"),
    [
        ("UPDATE case_facts SET paid = paid + 1 WHERE payments > 0", "case_facts", "paid"),
        ("DELETE FROM case_facts WHERE payments > 0", "case_facts", "missing"),
        (
            "UPDATE journal SET officer = 'somebody.else' WHERE event = 'CasePaid' AND revision = 0",
            "journal",
            "officer",
        ),
        ("DELETE FROM journal WHERE event = 'CaseServed'", "journal", "missing"),
    ],
)
def test_an_altered_row_is_named(filled, url, alteration, table, column):
    with psycopg.connect(url, autocommit=True, options="-c search_path=qingxin") as superuser:
        superuser.execute(alteration)

    with connect(url, "owner") as owner:
        found = check(owner)

    assert [d.table for d in found] == ([table] if table else [])
    if table:
        assert column in str(found[0])


def test_rebuilding_mends_what_was_altered(filled, url, views: Views):
    with psycopg.connect(url, autocommit=True, options="-c search_path=qingxin") as superuser:
        superuser.execute("UPDATE case_facts SET paid = 0; DELETE FROM journal WHERE seq > 3")

    with connect(url, "owner") as owner:
        rebuild(owner)
        assert check(owner) == []


def test_the_swapped_tables_serve_the_counter_and_the_projector(filled, url, desk: Desk, catch_up, views: Views):
    with connect(url, "owner") as owner:
        rebuild(owner)
    case = desk.story("assign")
    catch_up()

    assert views.find(case.number) == case.id
    with connect(url, "owner") as owner:
        assert check(owner) == []


def test_goes_on_while_officers_record_and_the_projector_follows(filled, url, desk: Desk):
    projector = Projector(lambda: connect(url, "projector"))
    follower = threading.Thread(target=projector.run)
    follower.start()
    stop = threading.Event()

    def record():
        while not stop.is_set():
            desk.story("assign", "file")

    officer = threading.Thread(target=record)
    officer.start()
    with connect(url, "owner") as owner:
        for _ in range(3):
            rebuild(owner)
            time.sleep(0.1)
    stop.set()
    officer.join()
    Views(desk.office.datastore.get_connection).wait(desk.last.position, 10)
    projector.stop()
    follower.join()

    with connect(url, "owner") as owner:
        assert check(owner) == []
