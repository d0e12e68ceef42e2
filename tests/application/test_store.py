"""The store: one way in, never changed, in an order that nothing can come behind."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import eventsourcing.persistence as es
import psycopg
import pytest
from eventsourcing.tests.persistence import ApplicationRecorderTestCase

from application.database import connect
from application.store import Datastore, OtherBody, Recorder, Unavailable
from tests.conftest import Desk, signed


@pytest.fixture
def recorder(url):
    recorder = Recorder(Datastore(url))
    yield recorder
    recorder.datastore.close()


def stored(record: UUID, version: int = 1, state: bytes = b"{}") -> es.StoredEvent:
    return es.StoredEvent(record, version, "CaseNoted", state)


class TestRecorderAsTheLibraryExpects(ApplicationRecorderTestCase):
    """The published contract tests of ``eventsourcing``, run against our recorder.

    The one about interleaving ids is replaced by ``TestReadingAfter``: ids are no order here, and need not be.
    """

    EXPECT_CONTIGUOUS_NOTIFICATION_IDS = False

    @pytest.fixture(autouse=True)
    def _database(self, url, capsys):
        self.url = url
        self.recorders = []
        yield
        for recorder in self.recorders:
            recorder.datastore.close()

    def create_recorder(self) -> Recorder:
        self.recorders.append(Recorder(Datastore(self.url, size=8)))
        return self.recorders[-1]

    def new_originator_id(self) -> UUID:
        return uuid4()


class TestPrivileges:
    @pytest.mark.parametrize("role", ["web", "projector", "reader"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET state = ''",
            "DELETE FROM events",
            "TRUNCATE events",
            "INSERT INTO events (xid, record, version, event, state, recorded_at, command, chain)"
            " VALUES ('1', gen_random_uuid(), 1, 'CaseNoted', '', now(), gen_random_uuid(), '')",
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "SELECT setval('events_position_seq', 1)",
            "DELETE FROM numbering",
            "CREATE TABLE mine (x int)",
        ],
    )
    def test_nobody_changes_what_is_recorded_or_gets_past_append(self, url, recorder, role, statement):
        recorder.append([stored(uuid4())])

        with connect(url, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)

    @pytest.mark.parametrize(
        "statement", ["UPDATE events SET state = ''", "DELETE FROM events", "TRUNCATE events", "DELETE FROM numbering"]
    )
    def test_not_even_the_owner_changes_what_is_recorded(self, url, recorder, statement):
        recorder.append([stored(uuid4())])
        with connect(url, "projector") as projector:
            projector.execute("INSERT INTO numbering SELECT 1, position, record, version FROM events")

        with connect(url, "owner") as connection, pytest.raises(psycopg.Error) as refused:
            connection.execute(statement)
        assert refused.value.sqlstate == "QX001"

    @pytest.mark.parametrize("role", ["projector", "reader"])
    def test_the_vault_and_append_are_for_the_counter_alone(self, url, role):
        with connect(url, role) as connection:
            for statement in (
                "SELECT * FROM vault.persons",
                "SELECT * FROM append(gen_random_uuid(), NULL, gen_random_uuid(), 1, 'x', '')",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)

    def test_the_reader_does_not_see_tokens(self, url):
        with connect(url, "reader") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM tokens")


class TestAppending:
    def test_refuses_a_version_that_is_taken(self, recorder):
        record = uuid4()
        recorder.append([stored(record)])

        with pytest.raises(es.IntegrityError):
            recorder.append([stored(record)])

    def test_refuses_a_version_that_leaves_a_gap(self, recorder):
        with pytest.raises(es.IntegrityError, match="does not follow"):
            recorder.append([stored(uuid4(), 2)])

    def test_is_all_or_nothing(self, recorder):
        record, taken = uuid4(), uuid4()
        recorder.append([stored(taken)])

        with pytest.raises(es.IntegrityError):
            recorder.append([stored(record), stored(record, 2), stored(taken)])

        assert recorder.select_events(record) == []

    def test_of_a_command_sent_again_answers_again(self, recorder):
        record, command = uuid4(), uuid4()
        first = recorder.append([stored(record)], command=command, fingerprint=b"a")

        again = recorder.append([stored(record)], command=command, fingerprint=b"a")

        assert [(a.position, a.recorded_at) for a in again] == [(a.position, a.recorded_at) for a in first]
        assert (again[0].repeated, len(recorder.select_events(record))) == (True, 1)

    def test_of_a_command_that_asks_for_something_else_is_refused(self, recorder):
        record, command = uuid4(), uuid4()
        recorder.append([stored(record)], command=command, fingerprint=b"a")

        with pytest.raises(OtherBody):
            recorder.append([stored(record)], command=command, fingerprint=b"b")

    def test_recognises_its_own_commit_when_the_answer_was_lost(self, recorder, monkeypatch):
        """The connection is cut right after the commit: the sender must be told of success, and once only."""
        from application import store

        real, calls = store._append, []

        def cut_after_commit(connection, *question):
            answers = real(connection, *question)
            calls.append(answers)
            if len(calls) == 1:
                with psycopg.connect(connection.info.dsn) as other:
                    other.execute("SELECT 1")
                connection.close()
                raise psycopg.OperationalError("server closed the connection unexpectedly")
            return answers

        monkeypatch.setattr(store, "_append", cut_after_commit)
        record = uuid4()

        answers = recorder.append([stored(record)])

        assert (answers[0].repeated, len(recorder.select_events(record))) == (True, 1)

    def test_takes_five_megabytes_of_text_in_one_entry(self, recorder):
        record, text = uuid4(), b'"' + b"x" * 5_000_000 + b'"'

        recorder.append([stored(record, 1, text)])

        assert recorder.select_events(record)[0].state == text

    def test_takes_twenty_thousand_entries_at_once_and_blocks_nobody(self, recorder):
        records = [uuid4() for _ in range(20_000)]
        others = []

        def write_meanwhile():
            while not done.is_set():
                recorder.append([stored(uuid4())])
                others.append(time.monotonic())

        done = threading.Event()
        writer = threading.Thread(target=write_meanwhile)
        writer.start()
        began = time.monotonic()
        recorder.append([stored(record) for record in records])
        ended = time.monotonic()
        done.set()
        writer.join()

        assert sum(began < moment < ended for moment in others) > 10

    def test_stamps_the_stores_clock_and_never_backwards(self, recorder):
        record = uuid4()
        for version in range(1, 6):
            recorder.append([stored(record, version)])

        stamps = [event.recorded_at for event in recorder.select_events(record)]
        assert stamps == sorted(stamps)

    def test_gives_up_in_bounded_time_when_the_server_is_gone(self):
        recorder = Recorder(Datastore("host=/nowhere dbname=nothing user=nobody"))
        recorder.datastore.pool.timeout = 0.2
        began = time.monotonic()

        with pytest.raises((es.OperationalError, Unavailable)):
            recorder.append([stored(uuid4())])

        assert time.monotonic() - began < 30
        recorder.datastore.close()

    def test_one_of_two_officers_wins(self, recorder):
        record = uuid4()
        recorder.append([stored(record)])
        outcomes = []

        def act():
            try:
                recorder.append([stored(record, 2)])
                outcomes.append("won")
            except es.IntegrityError:
                outcomes.append("lost")

        with ThreadPoolExecutor(4) as officers:
            for _ in range(4):
                officers.submit(act)

        assert sorted(outcomes) == ["lost", "lost", "lost", "won"]


class TestTheChain:
    def test_holds_for_what_was_recorded(self, desk: Desk):
        case = desk.story("assign", "file", "inspect", "order", "serve", "pay")

        assert desk.office.broken_link(case.id) is None

    @pytest.mark.parametrize(
        "tampering",
        [
            "UPDATE events SET state = convert_to(replace(convert_from(state, 'UTF8'), '60000.00', '90000.00'), 'UTF8') WHERE version = 5",
            "UPDATE events SET recorded_at = recorded_at - interval '1 day' WHERE version = 5",
            "UPDATE events SET event = 'CaseNoted' WHERE version = 5",
            "DELETE FROM events WHERE version = 5",
        ],
        ids=["altered", "back-dated", "renamed", "removed"],
    )
    def test_breaks_where_a_superuser_tampered(self, desk: Desk, server, url, tampering):
        case = desk.story("file", "inspect", "order", "pay", "note")
        with psycopg.connect(url, autocommit=True, options="-c search_path=qingxin") as superuser:
            superuser.execute("ALTER TABLE events DISABLE TRIGGER ALL")
            superuser.execute(tampering)

        assert desk.office.broken_link(case.id) == 5


class TestReadingAfter:
    """Whoever follows the log misses nothing and sees nothing late, whatever writers do."""

    ASK = "SELECT xid::text, position, record FROM read_after(%s, %s, 0, 500)"

    def follow(self, connection, cursor, seen):
        while rows := connection.execute(self.ASK, cursor).fetchall():
            seen += rows
            cursor = (rows[-1][0], rows[-1][1])
        return cursor

    def test_misses_nothing_under_concurrent_writers_and_rollbacks(self, url, recorder):
        stop = threading.Event()
        acknowledged: list[UUID] = []
        taken = uuid4()
        recorder.append([stored(taken)])

        def write():
            mine = Recorder(Datastore(url))
            while not stop.is_set():
                record = uuid4()
                mine.append([stored(record)])
                acknowledged.append(record)
                with suppress(es.IntegrityError):
                    mine.append([stored(uuid4()), stored(taken)])
            mine.datastore.close()

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        seen: list[tuple[str, int, UUID]] = []
        cursor, until = ("0", 0), time.monotonic() + 2.5
        with connect(url, "projector") as connection:
            while time.monotonic() < until:
                cursor = self.follow(connection, cursor, seen)
            stop.set()
            for writer in writers:
                writer.join()
            self.follow(connection, cursor, seen)

        records = [record for _, _, record in seen]
        assert len(acknowledged) > 100
        assert set(records) == {*acknowledged, taken}
        assert len(records) == len(set(records))
        assert [(int(x), p) for x, p, _ in seen] == sorted((int(x), p) for x, p, _ in seen)

    def test_waits_for_a_slow_open_transaction_and_sees_nothing_behind_it(self, url, recorder):
        slow, quick = uuid4(), uuid4()
        with connect(url, "projector") as reader, connect(url, "web") as writer:
            with writer.transaction():
                writer.execute("SELECT append(gen_random_uuid(), NULL, %s, 1, 'CaseNoted', '{}'::bytea)", (slow,))
                recorder.append([stored(quick)])
                assert reader.execute(self.ASK, ("0", 0)).fetchall() == []

            assert [row[2] for row in reader.execute(self.ASK, ("0", 0))] == [slow, quick]

    def test_goes_on_past_a_transaction_that_was_rolled_back(self, url, recorder):
        kept = uuid4()
        with connect(url, "web") as writer, pytest.raises(ZeroDivisionError), writer.transaction():
            writer.execute("SELECT append(gen_random_uuid(), NULL, %s, 1, 'CaseNoted', '{}'::bytea)", (uuid4(),))
            raise ZeroDivisionError
        recorder.append([stored(kept)])

        with connect(url, "projector") as reader:
            assert [row[2] for row in reader.execute(self.ASK, ("0", 0))] == [kept]


def test_a_signature_is_part_of_the_stored_bytes(desk: Desk):
    case = desk.receive()

    [event] = desk.office.recorder.select_events(case.id)

    assert signed("intake.1").by.encode() in event.state


class TestWhatTheLibraryOffersAndWeRefuse:
    def test_a_subscription_by_position_would_miss_events(self, recorder):
        with pytest.raises(es.NotSupportedError, match="read_after"):
            recorder.subscribe()

    def test_the_schema_is_not_made_by_a_worker(self, recorder):
        with pytest.raises(es.NotSupportedError, match="migrate"):
            recorder.create_table()
