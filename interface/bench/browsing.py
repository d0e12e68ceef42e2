"""What a page costs: home, the queue, the register, a case, beside a bare page with one SELECT under the same gunicorn settings.

The pages that replay cases are asked over the cases that were recorded here; the register, the board and the journal, in a full run, over
a million lines.
"""

from __future__ import annotations

import http.client
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from html import unescape
from urllib.parse import quote, urlencode

from application import accounts
from application.database import connect
from application.office import Office, today
from domain.powers import Actor
from interface.api.cases import MOST_WEIGHED
from interface.bench.counting import long
from interface.bench.crew import Failed, measured
from interface.bench.ground import CLUE, Stories, clue, opened
from interface.bench.reading import LINES_IN_FULL, LONG, STOCK, caught_up, one
from interface.bench.serving import BARE, OURS, served
from interface.bench.table import Line, Trial, below, in_turn, line
from interface.serving import HOST

HEAD = Actor("head.of.the.bench", "office_head", "620500-hrss", "620500")
AUDITOR = Actor("auditor.of.the.bench", "auditor", "620500-discipline", "620500")
PASSWORD = secrets.token_urlsafe(16)
MOST, MOST_IN_FULL = 150, 300
"""Milliseconds a page may take: over a demo city, and over a million lines."""
CASES = {
    "home": "/", "queue": "/queue", "case": "/cases/{case}", "case, its place in a list": "/cases/{case}?list=" + quote("sort=-claimed"),
}  # fmt: skip
LISTS = {
    "register": "/cases", "register by claim": "/cases?sort=-claimed", "register by status": "/cases?sort=status",
    "register, searched": "/cases?" + urlencode({"q": "拖欠", "sort": "due"}), "register of a past day": "/cases?on={past}",
    "register of a past day by balance": "/cases?on={past}&sort=-balance", "board": "/board", "journal": "/journal",
    "journal, a word of nobody's": "/journal?" + urlencode({"q": "鳄鱼"}),
}  # fmt: skip


def pages(trial: Trial) -> list[Line]:
    """Pages as the head of the city's office gets them, and the auditor: whoever sees less waits less."""
    with connect(trial.url, "owner", statement_seconds=LONG) as connection:
        with opened(trial.url) as office, connect(trial.url, "projector", statement_seconds=LONG) as follower:
            caught_up(follower)
            if (there := one(connection, "SELECT count(*) FROM journal")) < STOCK:
                trial.say("pages: recording cases")
                caught_up(follower, Stories().fill(office, STOCK - there))
            caught_up(follower, _ordered(office))
        connection.execute("VACUUM ANALYZE journal, case_facts")
        for who in (HEAD, AUDITOR):
            accounts.add(connection, who.officer, PASSWORD, who)
        found = connection.execute(
            "SELECT number FROM case_facts WHERE number IS NOT NULL AND step < 95 ORDER BY version DESC LIMIT 1"
        ).fetchone()
        case, past = found[0] if found else "", today() - timedelta(days=90)
        paths = {name: path.format(case=case) for name, path in CASES.items()}
        every = {name: path.format(past=past) for name, path in LISTS.items()}
        lines = one(connection, "SELECT count(*) FROM journal")
        with served(trial, OURS) as ours, served(trial, BARE) as bare:
            if not trial.full:
                return _measured(trial, ours, bare, {**paths, **every}, lines, MOST)
            cases = _measured(trial, ours, bare, paths, lines, MOST)
            trial.say(f"pages: a journal of {LINES_IN_FULL:,} lines")
            with long(trial, connection, LINES_IN_FULL):
                return cases + _measured(trial, ours, bare, every, LINES_IN_FULL, MOST_IN_FULL)


def _ordered(office: Office) -> int:
    """So many cases wait for somebody as a queue weighs: each was filed, looked into, and ordered to be paid."""
    cases = [clue() for _ in range(MOST_WEIGHED)]
    two, found = ("lead.02", "second.02"), {"persons": 12, "amount": "186000.00"}
    for number, case in enumerate(cases):
        case.file(cause="拖欠劳动报酬", inspectors=two, approved_by="head.02")
        case.inspect(
            kind="onsite", inspectors=two, finding="true_arrears", persons_confirmed=12, amount_confirmed="186000.00"
        )
        paper = {
            "basis": "条例第五十三条",
            "document_no": f"令〔2026〕{number}号",
            "due_on": today() + timedelta(1 + number % 9),
        }
        case.order(kind="rectification", respondents=(CLUE["employer"]["name"],), **found, **paper)
    entries = [entry for case in cases for entry in case.pending]
    office.save(*entries)
    return len(entries)


def _measured(trial: Trial, ours: int, bare: int, paths: Mapping[str, str], lines: int, most: float) -> list[Line]:
    with (
        _asking(bare, {}) as nothing,
        _asking(ours, _signed_in(ours, HEAD)) as page,
        _asking(ours, _signed_in(ours, AUDITOR)) as audit,
    ):
        ways: dict[str, Callable[[], float]] = {BARE: partial(_milliseconds, nothing, "/page", trial.seconds)}
        for name, path in paths.items():
            ways[name] = partial(_milliseconds, audit if path.startswith("/journal") else page, path, trial.seconds)
        found = in_turn(trial, "pages", ways)
    return [
        line("pages", f"{name}, {lines:,} lines", found[name], "bare page, one SELECT", found[BARE], target=below(most, "ms"), unit="ms")
        for name in paths
    ]  # fmt: skip


def _milliseconds(ask: Callable[[str], object], path: str, seconds: float) -> float:
    """How long an answer takes, to its last byte."""
    ask(path)
    return 1000 / measured(lambda: ask(path), seconds)


@contextmanager
def _asking(port: int, headers: Mapping[str, str]) -> Iterator[Callable[[str], bytes]]:
    """A browser with one kept-alive connection.  Raises ``Failed`` for any other answer than the page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def ask(path: str) -> bytes:
        try:
            connection.request("GET", path, headers={**headers, "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):  # it lay idle too long
            connection.close()
            connection.request("GET", path, headers={**headers, "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Failed(f"{path}: {answer.status}")
        return body

    try:
        yield ask
    finally:
        connection.close()


def _signed_in(port: int, who: Actor) -> dict[str, str]:
    """The cookie of an officer's session, as a header.  Raises ``Failed``."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), _cookie(answer)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    form = {"csrf_token": unescape(token[1]) if token else "", "name": who.officer, "password": PASSWORD}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 303:
        raise Failed(f"could not sign in: {answer.status}")
    return {"Cookie": _cookie(answer)}


def _cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]
