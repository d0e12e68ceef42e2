"""Commands that run the office: ``migrate``, ``serve``, ``projector``, ``stop``."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import click
import structlog

from application.database import connect
from application.migrate import migrate as apply
from interface import embedded
from interface.cli.shared import LONG, MIGRATIONS, database, err, fail, told
from interface.serving import HOST, READY_SECONDS, Supervisor
from interface.serving import stop as stop_running
from interface.settings import Settings
from projections.projector import Projector


@click.command()
@told
def migrate() -> None:
    """Bring the schema up to date.  Safe to run by several at once.

    \b
    Example:
      DATABASE_URL=postgresql://postgres@db/qingxin qingxin migrate
    """
    with database(Settings.from_environment()) as url:
        for name in apply(url, MIGRATIONS):
            click.echo(f"applied {name}")
    click.echo("✓ the schema is up to date")


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="load the demo city first, if the office is empty")
@click.option("--fresh", is_flag=True, help="start over: throw the embedded database of this home away")
@click.option("--detach", is_flag=True, help="return once it is ready; `qingxin stop` stops it")
@told
def serve(with_demo: bool, fresh: bool, detach: bool) -> None:
    """Serve API and pages with the projector running, under one supervisor, until Ctrl-C or SIGTERM.

    \b
    Example:
      qingxin serve
      QINGXIN_PORT=9000 qingxin serve --demo --detach
    """
    settings = Settings.from_environment()
    if fresh:
        _start_over(settings)
    if detach:
        _detach(settings, with_demo)
        return

    from interface import demo as city  # who stops, or follows the events, need not read it

    def prepare(url: str) -> None:
        city.prepare(url, settings, load=with_demo)

    def ready() -> None:
        click.echo(f"✓ http://{HOST}:{settings.port}  (docs: /api/docs)")
        city.say_accounts(settings)
        click.echo("Ctrl-C 停止 / stops it")

    Supervisor(settings, MIGRATIONS).run(prepare, ready)
    click.echo("stopped")


@click.command()
@told
def stop() -> None:
    """Stop what `serve --detach` started.

    \b
    Example:
      qingxin stop
    """
    if not stop_running(Settings.from_environment()):
        click.echo("nothing runs in this home", err=True)
        return
    click.echo("stopped")


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


def _start_over(settings: Settings) -> None:
    """Throw the embedded database away; never one that was given."""
    if settings.database_url:
        fail("--fresh does not touch a database given by DATABASE_URL; empty it yourself")
    stop_running(settings)
    embedded.stop(settings.cluster)
    for path in (settings.cluster, settings.home / "demo-accounts.json"):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _detach(settings: Settings, with_demo: bool) -> None:
    """Start a supervisor of its own, and wait until it is ready."""
    (settings.home / "log").mkdir(parents=True, exist_ok=True)
    output = settings.home / "log" / "serve.log"
    output.unlink(missing_ok=True)  # what serve says includes the tokens of the demo: for our eyes alone
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "interface", "serve", *(["--demo"] if with_demo else [])],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"},
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + READY_SECONDS + 60
    while time.monotonic() < deadline:
        if (said := output.read_text("utf-8", "replace")) and "Ctrl-C" in said:
            click.echo(said.rsplit("Ctrl-C", 1)[0].rstrip())
            return
        if process.poll() is not None:
            err.print(said.strip())
            raise SystemExit(process.returncode or 1)
        time.sleep(0.05)
    fail(f"not ready in time; see {output}")
