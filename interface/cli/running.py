"""Commands that run the office: ``migrate``, ``serve``, ``stop``.

The supervisor reads nothing of the office itself: what works in it are its children (wsgi.py, following.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from application.migrate import migrate as apply
from interface import embedded
from interface.cli.shared import MIGRATIONS, database, err, fail, told
from interface.serving import HOST, READY_SECONDS, Supervisor
from interface.serving import stop as stop_running
from interface.settings import Settings


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

    city = _city(settings, with_demo)

    def prepare(url: str) -> None:
        if city:
            city.prepare(url, settings, load=with_demo)

    def ready() -> None:
        click.echo(f"✓ http://{HOST}:{settings.port}  (docs: /api/docs)")
        if city:
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


def _city(settings: Settings, wanted: bool) -> ModuleType | None:
    """The demo city, read only where it is asked for or lived in before: an office at work starts without it."""
    return import_module("interface.demo") if wanted or (settings.home / "demo-accounts.json").exists() else None


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
