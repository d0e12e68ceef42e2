"""What the commands that record share: who signs, whether the role may, and how the answer is printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from application.office import Act, Office, today
from domain.codes import ROLES
from domain.offices import office_exists
from domain.powers import Actor, decide
from domain.record import Record, Signature
from interface.api.showing import dumped, shown_event, shown_record
from interface.cli.shared import DAY, fail, printed


def signs(command: Any) -> Any:
    """The options of a command that records: who signs, in which role, for which office and day."""
    for option in (
        click.option("--on", type=DAY, default=None, help="the day it happened; today if not given"),
        click.option("--office", "at", required=True, help="<division>-<kind>, such as 620500-hrss"),
        click.option("--role", type=click.Choice(ROLES), default="office_head", show_default=True),
        click.option("--officer", required=True, help="who signs"),
    ):
        command = option(command)
    return command


def signed(office: Office, officer: str, role: str, at: str, on: date | None, action: str) -> Signature:
    """The signature of a command, if the role may do it."""
    if not office_exists(at):
        raise click.UsageError(f"no such office: {at}; write <division>-<kind>, such as 620500-hrss")
    decision = decide(Actor(officer, role, at, at[:6]), action)
    if not decision.allowed:
        fail(f"{decision.zh} / {decision.en}")
    day = on or today()
    return Signature(officer, role, at, day.isoformat(), today(), settings=office.rulebook().settings)


def answered(act: Act, lang: str, as_json: bool) -> None:
    """What a write answers: as JSON the shapes of the API, else the sentence."""
    record: Record = act.record
    if as_json:
        who = Actor(
            act.entry.event.by,
            act.entry.event.role,
            act.entry.event.office,
            record.division or act.entry.event.office[:6],
        )
        printed(dumped({"event": shown_event(act.entry, lang=lang), record.sort: shown_record(record, who, lang=lang)}))
        return
    click.echo(f"{getattr(record, 'number', None) or record.id}  {act.entry.event.sentence(lang)}")
