"""Loads the demo city into an empty office, makes its accounts, and records more cases when asked."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import Any

import click

from application import accounts, tokens
from application.database import Connection, connect
from application.office import NotOnFile, Office, today
from application.vault import Vault
from domain.case import Case
from domain.powers import Actor
from interface.demo.book import BATCH, Step
from interface.demo.cases import tell
from interface.demo.city import ACCOUNTS, UNTIL, working_days
from interface.demo.clues import further, of_the_city
from interface.demo.telling import Telling
from interface.demo.writing import load_city
from interface.settings import Settings
from projections.projector import LEADER, Projector

PASSWORD = "qingxin-demo"  # noqa: S105  known to everybody, and printed with every start: the demo city holds nothing real
"""The password of every account of the demo city."""


class Again(Exception):
    """These cases have been recorded before."""


def prepare(url: str, settings: Settings, *, load: bool) -> None:
    """Load the city into an empty office, and make the accounts, once; never in an office that has work of its own."""
    if not load:
        return
    office = Office(url, Vault.from_file(settings.key_file))
    try:
        if office.recorder.max_notification_id() is None:
            click.echo("正在载入演示城市 / loading the demo city …", err=True)
            load_city(office)
            _project(url)
        ours = _is_the_city(office)
    finally:
        office.close()
    if ours:
        _issue(url, settings)
    else:
        click.echo("已有其他数据,不建演示账号 / the office has work of its own: no demo accounts are made", err=True)


def _is_the_city(office: Office) -> bool:
    """Whether what is recorded here began with the demo city, whose password everybody knows."""
    try:
        return bool(office.case(of_the_city()[0].id))
    except NotOnFile:
        return False


def _project(url: str) -> None:
    """Bring the read models up to date, so that the first page shows all of it; unless somebody else is about to."""
    with connect(url, "projector", statement_seconds=600) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER,)).fetchone() == (True,):
            Projector(lambda: connection).catch_up(connection)


# The accounts


def _issue(url: str, settings: Settings) -> None:
    file = settings.home / "demo-accounts.json"
    if not file.exists():
        with connect(url, "owner") as connection:
            issued = [[*who, tokens.issue(connection, Actor(*who))] for who in ACCOUNTS]
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            json.dump(issued, out)
    with connect(url, "owner") as connection:
        open_accounts(connection)


def open_accounts(connection: Connection) -> None:
    """Give every officer of the city an account, all with one password, where there are none yet."""
    there = {account.name for account in accounts.listed(connection)}
    for who in ACCOUNTS:
        if who[0] not in there:
            accounts.add(connection, who[0], PASSWORD, Actor(*who))


def say_accounts(settings: Settings) -> None:
    """Print the demo accounts with their tokens, if there are any."""
    file = settings.home / "demo-accounts.json"
    if file.exists():
        for officer, role, office, _, secret in json.loads(file.read_text()):
            click.echo(f"  {role:<17} {officer:<16} {office:<21} {secret}")
        click.echo(f"  网页登录 sign in with any of these officers and the password  {PASSWORD}")
        click.echo(
            "  演示账号,口令公开,仅供试用 / the password is known to everybody: for trying only, keep no real data here"
        )


# More of it


def fill(office: Office, count: int, *, seed: int, step: Step = lambda _: None) -> None:
    """Record so many further cases between the article's last day and today, whole cases to a transaction.  Raises ``Again``."""
    chance, now = random.Random(seed), today()
    days = working_days(UNTIL + timedelta(days=1), now)
    clues = further(seed, count, chance, days)
    first = next(clues)
    try:
        office.case(first.id)
    except NotOnFile:
        pass
    else:
        raise Again
    with ThreadPoolExecutor(1) as saving:  # the next batch is told while the last is saved
        done: Future[Any] = saving.submit(list)
        for batch in _batches(Telling(clue, days, now, chance) for clue in chain([first], clues)):
            done.result()
            done = saving.submit(office.save, *(entry for case in batch for entry in case.pending))
            step(len(batch))
        done.result()


def _batches(tellings: Iterable[Telling]) -> Iterator[list[Case]]:
    """The cases told, in batches that are worth a transaction."""
    batch: list[Case] = []
    for telling in tellings:
        batch.append(tell(telling))
        if len(batch) == BATCH // 4:
            yield batch
            batch = []
    if batch:
        yield batch
