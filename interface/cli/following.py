"""The command that follows the events and keeps the read models: ``projector``."""

from __future__ import annotations

import os
import signal
from functools import partial

import click
import structlog

from application.database import connect
from interface.cli.shared import LONG, told
from interface.settings import Settings
from projections.projector import Projector


@click.command()
@told
def projector() -> None:
    """Follow the events and keep the read models up to date.  `serve` runs one; a second waits for the first to fail.

    \b
    Example:
      qingxin projector
    """
    settings = Settings.from_environment()
    follower = Projector(partial(connect, settings.url(), "projector", statement_seconds=LONG))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: follower.stop())
    structlog.get_logger("projector").info("started", pid=os.getpid())
    follower.run()
