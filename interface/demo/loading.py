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

from application import tokens
from application.database import connect
from application.office import NotOnFile, Office, today
from application.vault import Vault
from domain.case import Case
from domain.powers import Actor
from interface.demo.book import BATCH, Step
from interface.demo.cases import tell
from interface.demo.city import ACCOUNTS, UNTIL, working_days
from interface.demo.clues import further
from interface.demo.telling import Telling
from interface.demo.writing import load_city
from interface.settings import Settings
from projections.projector import LEADER, Projector


class Again(Exception):
    """These cases have been recorded before."""


def prepare(url: str, settings: Settings, *, load: bool) -> None:
    """Load the city into an empty office, and make the accounts, once."""
    if not load:
        return
    office = Office(url, Vault.from_file(settings.key_file))
    try:
        if office.recorder.max_notification_id() is None:
            click.echo("正在载入演示城市 / loading the demo city …", err=True)
            load_city(office)
            _project(url)
    finally:
        office.close()
    _issue(url, settings)


def _project(url: str) -> None:
    """Bring the read models up to date, so that the first page shows all of it; unless somebody else is about to."""
    with connect(url, "projector", statement_seconds=600) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER,)).fetchone() == (True,):
            Projector(lambda: connection).catch_up(connection)


# The accounts


def _issue(url: str, settings: Settings) -> None:
    accounts = settings.home / "demo-accounts.json"
    if not accounts.exists():
        with connect(url, "owner") as connection:
            issued = [[*account, tokens.issue(connection, Actor(*account))] for account in ACCOUNTS]
        with os.fdopen(os.open(accounts, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(issued, file)


def say_accounts(settings: Settings) -> None:
    """Print the demo accounts with their tokens, if there are any."""
    accounts = settings.home / "demo-accounts.json"
    if accounts.exists():
        for officer, role, office, _, secret in json.loads(accounts.read_text()):
            click.echo(f"  {role:<17} {officer:<16} {office:<21} {secret}")


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
