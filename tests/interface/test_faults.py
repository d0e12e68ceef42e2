"""Nothing acknowledged is lost and nothing is recorded twice, whatever is killed meanwhile.

Officers at work repeat a request until somebody answers it, as the API tells them to; a storm kills workers, the master, the
projector, the database and its backends among them.  Then what was acknowledged is compared with what the store holds.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psutil
import psycopg
import pytest

from application.database import connect
from application.office import Office
from application.vault import Vault
from interface import embedded
from projections.rebuild import check
from tests.conftest import RECEIVED
from tests.interface.city import City, until

pytestmark = pytest.mark.xdist_group("faults")

SEED = 620500
VICTIMS = {"worker": 10, "master": 4, "projector": 5, "postmaster": 6, "backend": 8}
STORM_SECONDS = 60
ANSWERED_SECONDS = 40
ON = "2026-03-02"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """An empty office, served; what it said is shown if something fails."""
    city = City(tmp_path_factory.mktemp("faults"))
    try:
        city.serve()
        yield city
    finally:
        city.end()


@pytest.fixture(scope="module")
def officers(city: City) -> dict[str, str]:
    """The tokens of the intake desk and of two inspectors of one office."""
    return {
        "intake.1": city.token("intake.1", "intake"),
        "lead.1": city.token("lead.1", "inspector_lead"),
        "lead.2": city.token("lead.2", "inspector_lead"),
    }


class StoredEntry(NamedTuple):
    """An entry as it lies in the table."""

    record: str
    version: int
    event: str
    state: dict[str, Any]
    recorded_at: datetime


@dataclass
class Ledger:
    """What the counter acknowledged, and what it said before it did."""

    noted: list[tuple[str, int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)
    denied: dict[str, datetime] = field(default_factory=dict)
    """When a text was last answered with a 5xx."""
    unexpected: list[Any] = field(default_factory=list)


class Clerk:
    """An officer's program: one note after another, each sent again until it is answered."""

    def __init__(self, city: City, name: str, case: str, token: str, shared: str, ledger: Ledger):
        self.city, self.name, self.token, self.ledger = city, name, token, ledger
        self.case, self.shared, self.version = case, shared, 1
        self.chance = random.Random(f"{SEED}|{name}")

    def work(self, done: threading.Event) -> None:
        for n in range(2000):
            if done.is_set():
                return
            text = f"{self.name}的第{n}条"
            if self.chance.random() < 0.3:
                self._note_on_the_shared(text)
            else:
                self._note_on_its_own(text)

    def _note_on_its_own(self, text: str) -> None:
        """Nobody else writes here, so nothing but success will do."""
        if not (answer := self._send(self.case, self.version, text)):
            return
        if answer.status == 201:
            self.version = answer.version
        else:
            self.ledger.unexpected.append((text, answer))

    def _note_on_the_shared(self, text: str) -> None:
        """Somebody else may have been first."""
        read = self._persist("GET", f"/api/cases/{self.shared}")
        if read and read.status == 200:
            answer = self._send(self.shared, read.version, text)
            if answer and answer.status not in (201, 409, 412):
                self.ledger.unexpected.append((text, answer))

    def _send(self, case: str, version: int, text: str) -> Any:
        key = f"{self.chance.getrandbits(128):032x}"
        headers = {"Idempotency_Key": key, "If_Match": f'"{version}"'}
        answer = self._persist("POST", f"/api/cases/{case}/note", {"on": ON, "text": text}, text=text, **headers)
        if answer is None:
            self.ledger.unanswered.append(text)
        elif answer.status == 201:
            self.ledger.noted.append((case, answer.version, text))
        else:
            self.ledger.refused.append(text)
        return answer

    def _persist(self, method: str, path: str, body: Any = None, *, text: str = "", **headers: str) -> Any:
        """The same request until it is answered; None if it never is."""
        deadline = time.monotonic() + ANSWERED_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.city.ask(method, path, self.token, body, **headers)
            except (OSError, http.client.HTTPException) as problem:
                self.ledger.said[type(problem).__name__] += 1
            else:
                self.ledger.said[str(answer.status)] += 1
                if answer.status < 500:
                    return answer
                if answer.status != 503:
                    self.ledger.unexpected.append((path, answer))
                self.ledger.denied[text] = datetime.now(UTC)
            time.sleep(self.chance.uniform(0.02, 0.15))
        return None


class Storm:
    """Kills, at moments drawn by chance, until every victim is dead or the time is over."""

    def __init__(self, city: City, cases: list[str], ledger: Ledger):
        self.city, self.cases, self.ledger = city, cases, ledger
        self.chance = random.Random(SEED)
        self.killed: Counter[str] = Counter()

    def rage(self) -> None:
        deadline = time.monotonic() + STORM_SECONDS
        victims = [kind for kind, times in VICTIMS.items() for _ in range(times)]
        self.chance.shuffle(victims)
        waiting = deque(victims)
        while waiting and time.monotonic() < deadline:
            noted = len(self.ledger.noted)
            if self.chance.random() < 0.5:  # else it strikes into a recovery
                until(lambda noted=noted: len(self.ledger.noted) > noted, 2)
            time.sleep(self.chance.uniform(0, 0.4))
            if not self._kill(waiting[0]):  # not there just now: another first
                waiting.rotate(-1)
                continue
            waiting.popleft()

    def _candidates(self, kind: str) -> list[psutil.Process]:
        city = self.city
        one = {"master": city.master, "projector": city.projector, "postmaster": city.postmaster}
        found = {"worker": city.workers, "backend": city.backends}.get(kind, [one.get(kind)])
        return [each for each in found if each]

    def _kill(self, kind: str) -> bool:
        found = self._candidates(kind)
        with suppress(psutil.NoSuchProcess):
            if found:
                self.chance.choice(found).kill()
                self.killed[kind] += 1
                return True
        return False


class TestTwoOfficersAtOnce:
    def test_one_is_first_and_the_other_is_told(self, city: City, officers: dict[str, str]):
        for _ in range(5):
            case = city.insist("POST", "/api/cases", officers["intake.1"], {"on": ON, **RECEIVED}).body["id"]
            together = threading.Barrier(2)

            def note(officer: str, case: str = case, together: threading.Barrier = together) -> int:
                together.wait(10)
                body = {"on": ON, "text": "同时"}
                return city.ask("POST", f"/api/cases/{case}/note", officers[officer], body, If_Match='"1"').status

            with ThreadPoolExecutor(2) as desks:
                statuses = sorted(desks.map(note, ("lead.1", "lead.2")))

            assert statuses[0] == 201
            assert statuses[1] in (409, 412)
            assert city.ask("GET", f"/api/cases/{case}", officers["lead.1"]).version == 2


@pytest.fixture(scope="module")
def storm(city: City, officers: dict[str, str]) -> Storm:
    """The storm, once it has passed and every clerk has had an answer."""
    ledger, done = Ledger(), threading.Event()
    cases = [
        city.insist("POST", "/api/cases", officers["intake.1"], {"on": ON, **RECEIVED}, Idempotency_Key=f"case-{n}").body["id"]
        for n in range(5)
    ]  # fmt: skip
    shared, *own = cases
    names = ("甲", "乙", "丙", "丁")
    clerks = [Clerk(city, *desk, officers["lead.1"], shared, ledger) for desk in zip(names, own, strict=True)]
    storm, began = Storm(city, cases, ledger), time.monotonic()
    with ThreadPoolExecutor(len(clerks)) as desks:
        working = [desks.submit(clerk.work, done) for clerk in clerks]
        try:
            storm.rage()
        finally:
            done.set()
        for each in working:
            each.result(2 * ANSWERED_SECONDS)
    city.processes()
    print(
        f"seed {SEED}: {sum(storm.killed.values())} kills {dict(storm.killed)}, {len(ledger.noted)} acknowledged,"
        f" {len(ledger.refused)} refused, {time.monotonic() - began:.0f} s, said {dict(ledger.said)}"
    )
    return storm


@pytest.fixture(scope="module")
def database(city: City, storm: Storm) -> str:
    """The database of the office, once everything has recovered."""
    assert until(lambda: city.answers("/healthz") and city.answers("/readyz"), 45), city.everything_said()
    assert until(lambda: city.projector and city.master and len(city.workers) == 2, 30), city.everything_said()
    url = embedded.running(city.home / "postgres")
    assert url is not None
    return url


@pytest.fixture(scope="module")
def entries(database: str) -> list[StoredEntry]:
    """Everything in the store, read past the office."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT record::text, version, event, state, recorded_at FROM qingxin.events ORDER BY record, version"
        )
        return [
            StoredEntry(record, version, event, json.loads(state), at) for record, version, event, state, at in rows
        ]


class TestAStormOfKills:
    """One test, for the storm rages once."""

    def test_loses_nothing_that_was_acknowledged_and_records_nothing_twice(
        self, city: City, storm: Storm, database: str, entries: list[StoredEntry]
    ):
        assert sum(storm.killed.values()) >= 30, storm.killed
        assert all(storm.killed[kind] >= 3 for kind in VICTIMS), storm.killed
        assert len(storm.ledger.noted) > 50

        everybody_was_answered_in_order(storm.ledger)
        what_was_acknowledged_is_there_once(storm, entries)
        nobody_was_told_wrongly_that_nothing_was_recorded(storm.ledger, entries)
        versions_are_dense(entries)
        chains_hold(city, database, entries)
        read_models_are_what_the_events_make(database, len(entries))


def everybody_was_answered_in_order(ledger: Ledger) -> None:
    assert ledger.unanswered == []
    assert ledger.unexpected == []


def what_was_acknowledged_is_there_once(storm: Storm, entries: list[StoredEntry]) -> None:
    notes = [entry for entry in entries if entry.event == "CaseNoted" and entry.record in storm.cases]
    texts = [entry.state["text"] for entry in notes]

    assert sorted((entry.record, entry.version, entry.state["text"]) for entry in notes) == sorted(storm.ledger.noted)
    assert [text for text, times in Counter(texts).items() if times > 1] == []
    assert set(texts).isdisjoint(storm.ledger.refused)


def nobody_was_told_wrongly_that_nothing_was_recorded(ledger: Ledger, entries: list[StoredEntry]) -> None:
    """A 503 says that it was not; it must not say so when it was."""
    recorded = {entry.state["text"]: entry.recorded_at for entry in entries if entry.event == "CaseNoted"}

    assert [text for text, at in ledger.denied.items() if text in recorded and recorded[text] < at] == []


def versions_are_dense(entries: list[StoredEntry]) -> None:
    for record in {entry.record for entry in entries}:
        versions = [entry.version for entry in entries if entry.record == record]
        assert versions == list(range(1, len(versions) + 1))


def chains_hold(city: City, database: str, entries: list[StoredEntry]) -> None:
    office = Office(database, Vault.from_file(city.home / "keys" / "office.key"))
    try:
        assert {office.broken_link(UUID(record)) for record in {entry.record for entry in entries}} == {None}
    finally:
        office.close()


def read_models_are_what_the_events_make(database: str, events: int) -> None:
    with connect(database, "owner") as connection:

        def caught_up() -> bool:
            return connection.execute("SELECT seq FROM projection WHERE name = 'journal'").fetchone() == (events,)

        assert until(caught_up, 30), "the projection did not catch up"
        assert [str(difference) for difference in check(connection)] == []
        assert connection.execute("SELECT count(*) FROM set_aside").fetchone() == (0,)
