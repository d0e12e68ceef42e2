"""The supervisor from outside: it starts everything, keeps it running, and stops it cleanly."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from interface.serving import Child
from tests.conftest import RECEIVED
from tests.interface.city import City, port_is_open, until

pytestmark = pytest.mark.xdist_group("serving")

ROLES = {
    "intake", "dispatcher", "inspector_lead", "inspector_second", "legal_reviewer", "body_head", "office_head",
    "lead_cadre", "supervisor", "revisit_officer", "project_keeper", "auditor",
}  # fmt: skip
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A home where nothing runs yet, and nothing runs afterwards."""
    city = City(tmp_path)
    yield city
    city.end()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city, just started for the first time."""
    city = City(tmp_path_factory.mktemp("demo"))
    city.serve("--demo")
    yield city
    city.end()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The home of that office; tests take ``office``."""
    city = City(tmp_path_factory.mktemp("office"))
    yield city
    city.end()


@pytest.fixture
def office(home: City) -> City:
    """An office at work, with the cases that other tests recorded there; whatever they did to it, it is started again."""
    if not home.answers("/readyz"):
        home.end()
        home.serve()
    return home


def accounts(said: str) -> dict[str, str]:
    """The token of each role, as printed."""
    return dict(re.findall(r"^  (\w+) .* (qx_\S+)$", said, re.MULTILINE))


def receive(city: City, token: str, summary: str = "拖欠三个月工资") -> str:
    """Register a clue; answers the id of the case."""
    facts = {"on": "2026-03-02", **RECEIVED, "summary": summary}
    answer = city.insist("POST", "/api/cases", token, facts, Idempotency_Key=str(uuid4()))
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def register(city: City, token: str) -> list[str]:
    """The ids of the cases on the first page of the register."""
    answer = city.insist("GET", "/api/cases", token)
    assert answer.status == 200, answer.body
    return [row["id"] for row in answer.body]


def is_stopped(city: City) -> bool:
    """Nothing runs, the port is closed, and the database went cleanly."""
    database = (city.home / "postgres" / "log").read_text()
    return (
        until(lambda: not city.left(), 5)
        and not port_is_open(city.port)
        and not (city.home / "postgres" / "postmaster.pid").exists()
        and not (city.home / "run" / "supervisor.pid").exists()
        and "database system is shut down" in database.splitlines()[-1]
    )


class TestServing:
    def test_the_demo_city_prints_its_accounts_and_keeps_them_over_a_restart(self, demo: City):
        first = demo.said
        tokens = accounts(first)

        assert f"http://127.0.0.1:{demo.port}" in first
        assert set(tokens) == ROLES
        assert demo.answers("/healthz")
        assert {demo.ask("GET", "/api/cases", token).status for token in tokens.values()} == {200}
        assert until(lambda: len(register(demo, tokens["supervisor"])) == 50, 10)

        written = receive(demo, tokens["intake"])
        assert demo.signal(signal.SIGTERM) == 0, demo.everything_said()
        assert is_stopped(demo), demo.everything_said()

        again = demo.serve("--demo")

        assert accounts(again) == tokens
        assert demo.ask("GET", f"/api/cases/{written}", tokens["inspector_lead"]).version == 1
        assert until(lambda: written in register(demo, tokens["supervisor"]), 10)

    def test_an_empty_office_has_no_cases(self, city: City):
        said = city.serve()
        token = city.token("audit.1", "auditor")

        assert accounts(said) == {}
        assert register(city, token) == []

    def test_afresh_starts_over(self, demo: City):
        """The last test of the demo city, for there is none afterwards."""
        tokens = accounts(demo.said)
        assert demo.ask("GET", "/api/cases", tokens["auditor"]).status == 200
        demo.signal(signal.SIGTERM)

        demo.serve("--fresh")

        assert "Warning" not in demo.said
        assert accounts(demo.said) == {}
        assert demo.ask("GET", "/api/cases", tokens["auditor"]).status == 401
        assert register(demo, demo.token("audit.1", "auditor")) == []


class TestStopping:
    def test_keeps_what_was_acknowledged_a_moment_before(self, office: City):
        intake = office.token("intake.1", "intake")

        written = [receive(office, intake, f"第{n}件") for n in range(5)]
        assert office.signal(signal.SIGTERM) == 0
        office.serve()

        assert [office.ask("GET", f"/api/cases/{id}", intake).body["summary"] for id in written] == [f"第{n}件" for n in range(5)]  # fmt: skip

    def test_by_ctrl_c_is_clean(self, office: City):
        assert office.signal(signal.SIGINT, group=True) == 0, office.everything_said()
        assert office.said.rstrip().endswith("stopped")
        assert is_stopped(office), office.everything_said()

    def test_while_it_starts_is_clean_too(self, city: City):
        with city.output.open("wb") as output:
            city.process = subprocess.Popen(
                [sys.executable, "-m", "interface", "serve"],
                env=city.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        assert until(lambda: city.postmaster is not None)

        assert city.signal(signal.SIGTERM) == 0, city.everything_said()
        assert is_stopped(city), city.everything_said()

    def test_of_what_was_detached_is_done_from_elsewhere(self, city: City):
        started = city.run("serve", "--detach")
        answered, running = city.answers(), len(city.processes())
        stopped = city.run("stop")

        assert (started.returncode, answered) == (0, True), started.stderr
        assert f"http://127.0.0.1:{city.port}" in started.stdout
        assert running > 5
        assert (stopped.returncode, stopped.stdout) == (0, "stopped\n"), stopped.stderr
        assert is_stopped(city), city.everything_said()
        assert "nothing runs" in city.run("stop").stderr

    def test_never_signals_a_stranger_who_has_the_number_of_a_supervisor_long_gone(self, city: City):
        (city.home / "run").mkdir()
        with subprocess.Popen(["sleep", "60"]) as stranger:
            try:
                (city.home / "run" / "supervisor.pid").write_text(str(stranger.pid))

                stopped = city.run("stop")

                assert stranger.poll() is None, "the stranger was ended"
                assert "nothing runs" in stopped.stderr
            finally:
                stranger.kill()


class TestRefusing:
    def test_a_second_one_in_the_same_home(self, office: City):
        second = office.run("serve")
        detached = office.run("serve", "--detach")

        assert (second.returncode, detached.returncode) == (1, 1)
        assert "already running" in second.stderr
        assert "already running" in detached.stderr
        assert "Traceback" not in second.stderr + detached.stderr
        assert office.answers()
        assert office.supervisor is not None

    def test_a_port_that_is_taken(self, city: City):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", city.port))
            taken.listen()
            refused = city.run("serve")

        assert refused.returncode == 1
        assert f"port {city.port} is taken" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert city.processes() == []
        assert not (city.home / "run" / "supervisor.pid").exists()


class TestLookingAfter:
    def test_starts_a_killed_projector_counter_and_database_again(self, office: City):
        intake = office.token("intake.1", "intake")

        for name in ("projector", "master", "postmaster"):
            before = kill(office, name)

            assert until(lambda name=name, before=before: getattr(office, name) not in (None, *before), 20), (
                office.everything_said()
            )
            assert until(lambda before=before: not set(before) & set(office.left()), 20), (
                "its own processes outlived it"
            )
            assert until(lambda: office.answers("/readyz"), 30), office.everything_said()
            case = receive(office, intake, f"{name}之后")
            assert until(lambda case=case: case in register(office, intake), 20)

        assert office.signal(signal.SIGTERM) == 0, office.everything_said()
        assert is_stopped(office), office.everything_said()

    def test_forgets_old_deaths_once_a_child_has_kept_well(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """A child that died six times in a year is not left dead for ten seconds at the seventh."""
        child = Child("sleeper", ["sleep", "60"], dict(os.environ), tmp_path / "sleeper.log")
        child.start()
        try:
            at_first = child.pause
            child.process.kill()
            child.process.wait()
            assert until(lambda: child.look_after() or child.process.poll() is None, 10)
            assert child.pause > at_first

            now = time.monotonic()
            monkeypatch.setattr(time, "monotonic", lambda: now + 3600)
            child.look_after()

            assert child.pause == at_first
        finally:
            monkeypatch.undo()
            child.stop()

    def test_starts_the_database_again_also_as_process_1_of_a_container(self, city: City):
        """Orphans come to process 1, which must take leave of them; a dead postmaster is no running one."""
        city.serve(before=adopt_orphans)
        before = kill(city, "postmaster")

        assert until(lambda: city.postmaster not in (None, *before), 20), city.everything_said()
        assert until(lambda: city.answers("/readyz"), 30), city.everything_said()

    def test_a_home_whose_supervisor_was_killed_is_served_again(self, office: City):
        id = receive(office, office.token("intake.1", "intake"))
        office.signal(signal.SIGKILL)
        assert until(lambda: not port_is_open(office.port), 20), "the counter outlived its supervisor"

        office.serve()

        assert office.ask("GET", f"/api/cases/{id}", office.token("lead.1", "inspector_lead")).status == 200

    @pytest.mark.parametrize("left", ["a stranger's number", "half of it", "nothing"])
    def test_a_home_that_lost_its_machine_is_served_again_whatever_postmaster_pid_says(self, office: City, left: str):
        """After a power cut the file is left; its number soon belongs to somebody else, or it was only half written."""
        token = office.token("intake.1", "intake")
        id = receive(office, token)
        office.signal(signal.SIGKILL)
        for each in office.left():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        assert until(lambda: not office.left(), 10)
        pid_file = office.home / "postgres" / "postmaster.pid"
        number, *lines = pid_file.read_text().splitlines(keepends=True)
        with subprocess.Popen(["sleep", "120"]) as stranger:
            try:
                says = {"a stranger's number": [f"{stranger.pid}\n", *lines], "half of it": [number, *lines[:-1]]}
                pid_file.write_text("".join(says.get(left, [])))

                office.serve()

                assert office.insist("GET", f"/api/cases/{id}", token).version == 1
                assert stranger.poll() is None
            finally:
                stranger.kill()


def kill(city: City, name: str) -> list[psutil.Process]:
    """Kill one of its processes; answers it and those it had started."""
    city.processes()
    process = getattr(city, name)
    killed = [process, *process.children()]
    process.kill()
    return killed


def adopt_orphans() -> None:
    """What process 1 of a container is: the one orphans come to."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
