"""The schema is made once, whoever asks and however many at once."""

from __future__ import annotations

import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from application.migrate import Changed, migrate
from tests.conftest import MIGRATIONS, ROOT


@pytest.fixture
def empty(server):
    name = f"qx_empty_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(server, dbname=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_several_at_once_make_it_once(empty):
    code = f"from application.migrate import migrate; from pathlib import Path; print(len(migrate({empty!r}, Path({str(MIGRATIONS)!r}))))"
    runs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    applied = sorted(int(run.communicate(timeout=60)[0]) for run in runs)

    assert applied[:3] == [0, 0, 0]
    assert applied[3] > 0


def test_a_second_time_does_nothing(empty):
    assert migrate(empty, MIGRATIONS)
    assert migrate(empty, MIGRATIONS) == []


def test_an_edited_migration_is_refused(empty, tmp_path):
    folder = tmp_path / "x" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_a.sql").write_text("CREATE TABLE a (x int);")
    migrate(empty, folder)
    (folder / "0001_a.sql").write_text("CREATE TABLE a (y int);")

    with pytest.raises(Changed, match="0001_a"):
        migrate(empty, folder)


def test_a_failing_migration_leaves_nothing_half_done(empty, tmp_path):
    folder = tmp_path / "x" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_a.sql").write_text("CREATE TABLE half (x int); SELECT 1/0;")

    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty, folder)
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT to_regclass('qingxin.half')").fetchone() == (None,)
