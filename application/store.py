"""The store behind ``eventsourcing``: its seams, our table, one function to write through.

``Mapper`` turns entries into stored bytes and back, by the closed registry.  ``Recorder`` saves with one call of
``append()`` and reads with tuples.  ``Factory`` builds both on a bounded pool of connections in the web role.
Why the library's own recorder is not used: docs/decisions/0001-store.md.
"""

from __future__ import annotations

import hashlib
import select
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import eventsourcing.persistence as es
import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from psycopg import Connection, Cursor
from psycopg.pq import ConnStatus
from psycopg_pool import ConnectionPool

from application.database import conninfo
from domain.record import Entry
from domain.vocabulary import decode, encode, stored_name

CHANNEL = "qingxin_events"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ATTEMPTS = 6
PAUSE = 0.05
POOL_SECONDS = 10
IDLE_SECONDS = 0.5


class OtherBody(es.IntegrityError):
    """The same command was sent before and asked for something else."""


class Unavailable(es.OperationalError):
    """The database did not answer within the bounds."""


class Stamped(NamedTuple):
    """A stored event as the library knows it, with what the store stamped on it; a tuple, because a case has many."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    recorded_at: datetime
    command: UUID
    fingerprint: bytes | None


class Appended(NamedTuple):
    """What the store answered for one entry."""

    position: int
    recorded_at: datetime
    repeated: bool = False


class Mapper(es.Mapper[UUID]):
    """Entries to stored events and back."""

    def to_stored_event(self, domain_event: Any) -> es.StoredEvent:
        entry: Entry = domain_event
        return es.StoredEvent(
            entry.originator_id, entry.originator_version, stored_name(entry.event), encode(entry.event)
        )

    def to_domain_event(self, stored_event: Any) -> Any:
        event = decode(stored_event.topic, stored_event.state)
        if isinstance(stored_event, Stamped):
            record, version, _, _, recorded_at, command, print_ = stored_event
            return Entry(record, version, event, recorded_at, command, print_)
        return Entry(stored_event.originator_id, stored_event.originator_version, event)


Alongside = Callable[[Cursor[Any]], None]
"""Work to be done in the same transaction as the append, such as sealing a person's data."""


class Recorder(PostgresApplicationRecorder):
    """Saves through ``append()``; every wait bounded, every retry safe."""

    datastore: Datastore

    def __init__(self, datastore: Datastore, *, events_table_name: str = "events"):
        es.ApplicationRecorder.__init__(self)
        self.datastore = datastore
        self.events_table_name = events_table_name

    def insert_events(self, stored_events: Sequence[es.StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        if not stored_events:
            return []
        return [answer.position for answer in self.append(stored_events, **kwargs)]

    def append(
        self,
        stored_events: Sequence[es.StoredEvent],
        *,
        command: UUID | None = None,
        fingerprint: bytes | None = None,
        alongside: Alongside | None = None,
        **_: Any,
    ) -> list[Appended]:
        """Appends all or nothing, and answers what the store stamped.

        A command has an id, so it may be sent again after a lost connection: if it had been committed, the entry in
        the way bears its id, and that is success (``repeated``), not a conflict.
        """
        command = command or uuid4()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.datastore.get_connection() as connection:
                    if alongside is None:
                        return _append(connection, command, fingerprint, stored_events)
                    with connection.transaction(), connection.cursor() as cursor:
                        answers = _append(connection, command, fingerprint, stored_events)
                        alongside(cursor)
                        return answers
            except es.OperationalError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(PAUSE * 2**attempt)
            except es.IntegrityError:
                if (before := self._recorded_by(command, fingerprint, stored_events)) is not None:
                    return before
                raise
        raise AssertionError("unreachable")

    def _recorded_by(
        self, command: UUID, fingerprint: bytes | None, stored_events: Sequence[es.StoredEvent]
    ) -> list[Appended] | None:
        """What a command recorded when it was sent before, or None if it was somebody else's."""
        found = []
        with self.datastore.get_connection() as connection:
            for event in stored_events:
                row = connection.execute(_BESIDE, (event.originator_id, event.originator_version)).fetchone()
                if row is None or row[2] != command:
                    return None
                if row[3] != fingerprint:
                    raise OtherBody(f"command {command} was sent before and asked for something else")
                found.append(Appended(row[0], row[1], repeated=True))
        return found

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[es.StoredEvent]:
        with self.datastore.get_connection() as connection:
            if gt is None and lte is None and not desc and limit is None:
                rows = connection.execute(_SELECT, (originator_id,), prepare=True, binary=True)
            else:
                where = _SELECT.replace("ORDER BY version", "AND version > %s AND version <= %s ORDER BY version")
                rows = connection.execute(
                    f"{where} {'DESC' if desc else 'ASC'} LIMIT %s",
                    (originator_id, gt or 0, lte or 2**31 - 1, limit),
                )
            return [Stamped._make(row) for row in rows]  # type: ignore[misc]

    def select_many(self, originator_ids: Sequence[UUID]) -> list[Stamped]:
        """The events of many records in one question, record by record, in order."""
        with self.datastore.get_connection() as connection:
            rows = connection.execute(_SELECT_MANY, (list(originator_ids),), prepare=True, binary=True)
            return [Stamped._make(row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[es.Notification]:
        """Events by position.  For looking things up: whoever follows the log asks ``read_after()``."""
        first = 0 if start is None else start if inclusive_of_start else start + 1
        with self.datastore.get_connection() as connection:
            rows = connection.execute(_NOTIFICATIONS, (first, stop or 2**62, list(topics), list(topics), limit))
            return [
                es.Notification(originator_id=r, originator_version=v, topic=e, state=s, id=p) for r, v, e, s, p in rows
            ]

    def max_notification_id(self) -> int | None:
        with self.datastore.get_connection() as connection:
            row = connection.execute("SELECT max(position) FROM events").fetchone()
        return row[0] if row else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> es.Subscription[Any]:
        """Refused: the library's subscription follows positions, and behind a position an event can still appear."""
        raise es.NotSupportedError("follow the events with read_after(), as projections/projector.py does")

    def create_table(self) -> None:
        """Refused: the web role may not change the schema, and several workers at once would collide."""
        raise es.NotSupportedError("the schema is made by `qingxin migrate` alone")


_SELECT = (
    "SELECT record, version, event, state, recorded_at, command, fingerprint"
    " FROM events WHERE record = %s ORDER BY version"
)
_SELECT_MANY = _SELECT.replace("= %s ORDER BY version", "= ANY(%s) ORDER BY record, version")
_NOTIFICATIONS = (
    "SELECT record, version, event, state, position FROM events"
    " WHERE position BETWEEN %s AND %s AND (%s = '{}'::text[] OR event = ANY(%s))"
    " ORDER BY position LIMIT %s"
)
_BESIDE = "SELECT position, recorded_at, command, fingerprint FROM events WHERE record = %s AND version = %s"
_APPEND_ONE = "SELECT append(%s, %s::bytea, %s, %s, %s, %s)"
_APPEND_ALL = "SELECT append(%s, %s::bytea, %s::uuid[], %s::integer[], %s::text[], %s::bytea[])"


class Line(Connection[Any]):
    """A connection that keeps a cursor to append with: making one each time costs a tenth of an append."""

    used_at = 0.0

    @cached_property
    def appending(self) -> Cursor[Any]:
        return self.cursor(binary=True)


def _append(connection: Line, command: UUID, print_: bytes | None, events: Sequence[es.StoredEvent]) -> list[Appended]:
    cursor = connection.appending
    if len(events) == 1:
        [e] = events
        question: tuple[Any, ...] = (e.originator_id, e.originator_version, e.topic, e.state)
        cursor.execute(_APPEND_ONE, (command, print_, *question), prepare=True)
    else:
        columns = zip(*((e.originator_id, e.originator_version, e.topic, e.state) for e in events), strict=True)
        cursor.execute(_APPEND_ALL, (command, print_, *map(list, columns)), prepare=True)
    return [Appended(position, EPOCH + timedelta(microseconds=stamp)) for ((position, stamp),) in cursor.fetchall()]


def _gone(connection: Line) -> bool:
    """Whether the server has said good-bye on a connection that nobody used for a while: there is something to read on it."""
    if connection.pgconn.status != ConnStatus.OK:
        return True
    if time.monotonic() - connection.used_at < IDLE_SECONDS:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))


class Borrowed:
    """A connection out of the pool and back.  It is in autocommit mode, so there is nothing to commit when it goes back."""

    __slots__ = ("connection", "pool")

    def __init__(self, pool: ConnectionPool[Any]):
        self.pool = pool

    def __enter__(self) -> Line:
        self.pool.open()
        try:
            self.connection: Line = self.pool.getconn()
            while _gone(self.connection):
                self.connection.close()  # the server went away while it lay in the pool
                self.pool.putconn(self.connection)
                self.connection = self.pool.getconn()
        except psycopg.Error as problem:
            raise _translated(problem) from problem
        return self.connection

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        self.connection.used_at = time.monotonic()
        self.pool.putconn(self.connection)
        if isinstance(problem, psycopg.Error):
            raise _translated(problem) from problem


class Datastore(PostgresDatastore):
    """A bounded pool of connections in one role, given out as the library's errors expect."""

    def __init__(self, url: str, role: str = "web", *, size: int = 4, **_: Any):
        self.pool = ConnectionPool(
            conninfo(url, role),
            connection_class=Line,
            min_size=1,
            max_size=size,
            timeout=POOL_SECONDS,
            max_waiting=200,
            kwargs={"autocommit": True},
            open=False,
        )  # type: ignore[assignment]
        self.schema, self.originator_id_type = "qingxin", "uuid"

    def get_connection(self) -> Borrowed:  # type: ignore[override]
        """A connection for a moment."""
        return Borrowed(self.pool)

    def close(self) -> None:
        self.pool.close()


def _translated(problem: psycopg.Error) -> Exception:
    """A database error as the library's, so that one taxonomy serves everywhere."""
    if problem.sqlstate == "QX422":
        return OtherBody(str(problem))
    if isinstance(problem, psycopg.OperationalError | psycopg.InterfaceError):
        return Unavailable(str(problem))
    if isinstance(problem, psycopg.IntegrityError):
        return es.IntegrityError(str(problem))
    if isinstance(problem, psycopg.DataError):
        return es.DataError(str(problem))
    return es.ProgrammingError(str(problem))


class Factory(PostgresFactory):  # named in Office.__init__
    """Builds the recorder and the mapper for ``eventsourcing.Application``; no table is ever created here."""

    def __init__(self, env: Any):
        es.InfrastructureFactory.__init__(self, env)
        self.kept = self.datastore = Datastore(self.env["DATABASE_URL"], self.env["DATABASE_ROLE"])

    def application_recorder(self) -> Recorder:
        return Recorder(self.kept)

    def mapper(self, transcoder: Any = None, mapper_class: Any = None) -> Any:
        return Mapper(transcoder or self.transcoder())

    def close(self) -> None:
        self.datastore.close()


def fingerprint(*parts: bytes | str) -> bytes:
    """What a command asked, as a fingerprint."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
