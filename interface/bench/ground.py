"""The ground the bench stands on: a database of its own, made and dropped again, and invented cases to fill it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from application.migrate import migrate
from application.office import Office, today
from application.vault import Vault
from domain.case import Case
from domain.record import Signature
from interface.bench import library
from interface.demo import story

RAW = """
CREATE TABLE bench_raw (
    id      bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record  uuid    NOT NULL,
    version integer NOT NULL,
    event   text    NOT NULL,
    state   bytea   NOT NULL,
    UNIQUE (record, version)
)
"""
INSERT = "INSERT INTO bench_raw (record, version, event, state) VALUES (%s, %s, %s, %s) RETURNING id"
BATCH = 1_000
DIVISION = "620502"
CLUE: dict[str, Any] = {
    "channel": "hotline_12345", "complainant_kind": "complaint", "division": DIVISION,
    "employer": {"name": "渭河建筑有限公司"}, "persons_claimed": 12, "amount_claimed": "186000.00",
    "summary": "反映拖欠农民工工资,请求核查处理",
}  # fmt: skip
NOTE = {"text": "电话告知反映人:已联系项目部,施工单位承诺三日内提交工资支付台账"}


@contextmanager
def own_database(server: str, migrations: Path) -> Iterator[str]:
    """A new database on a server, with our schema and the baselines' tables; gone afterwards, whatever happens."""
    name = Identifier(f"qingxin_bench_{os.getpid()}")
    try:
        _on(server, SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        url = make_conninfo(server, dbname=name.as_string().strip('"'))
        migrate(url, migrations)
        _on(url, SQL(RAW))
        library.create_tables(url)
        yield url
    finally:
        _on(server, SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextmanager
def slow_disk(url: str) -> Iterator[None]:
    """Who connects meanwhile waits 2 ms at each flush, as an ordinary disk would have it; group commit still works.

    Set on the bench's own database, so nobody else notices.  Needs a superuser.
    """
    name = Identifier(str(psycopg.conninfo.conninfo_to_dict(url)["dbname"]))
    _on(url, SQL("ALTER DATABASE {} SET commit_delay = 2000").format(name))
    _on(url, SQL("ALTER DATABASE {} SET commit_siblings = 0").format(name))
    try:
        yield
    finally:
        _on(url, SQL("ALTER DATABASE {} RESET ALL").format(name))


@contextmanager
def opened(url: str) -> Iterator[Office]:
    """The office over the bench's database, with a key that is thrown away."""
    office = Office(url, Vault(os.urandom(32)))
    try:
        yield office
    finally:
        office.close()


def signature() -> Signature:
    return Signature("lead.02", "inspector_lead", f"{DIVISION}-hrss", today().isoformat(), today())


def clue() -> Case:
    """A case just received, its first entry pending."""
    case = Case(uuid4()).signed(signature())
    case.receive(**CLUE)
    return case


def received(office: Office, number: int) -> list[UUID]:
    """So many cases, just received."""
    cases = [clue() for _ in range(number)]
    office.save(*(entry for case in cases for entry in case.pending))
    return [case.id for case in cases]


class Stories:
    """Records invented cases as the demo does, each number once, and taken all the way: some ten events each."""

    def __init__(self) -> None:
        self.numbers, self.chance, self.seed = count(1), random.Random(1), random.randrange(10**9)

    def fill(self, office: Office, events: int) -> int:
        """Record whole cases until there are so many events; answers how many there are."""
        done, batch = 0, []
        while done < events:
            pending = story(next(self.numbers), self.chance, today(), seed=self.seed).pending
            batch += pending
            done += len(pending)
            if len(batch) >= BATCH or done >= events:
                office.save(*batch)
                batch = []
        return done


def _on(url: str, statement: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
