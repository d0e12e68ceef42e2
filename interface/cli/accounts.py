"""Who may sign in to the pages: accounts are added, listed, disabled, and given other passwords, from the terminal alone.

A password is typed twice at a terminal or read from standard input, one line; never given on the command line, where the
machine's other users and the shell's history would see it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from application import accounts
from application.database import Connection
from application.tokens import NotAnIdentity
from domain.powers import Actor
from interface.cli.opening import connected
from interface.cli.shared import JSON, fail, printed, told
from interface.settings import Settings


@click.group()
def account() -> None:
    """Keep the accounts that officers sign in to the pages with.

    \b
    Example:
      qingxin account add li.wei --role inspector_lead --office 620502-hrss --division 620502
      qingxin account list
    """


@account.command("add")
@click.argument("name")
@click.option("--officer", help="the officer's reference; the name of the account unless given")
@click.option("--role", required=True, help="such as intake, inspector_lead, auditor")
@click.option("--office", required=True, help="<division>-<kind>, such as 620502-hrss")
@click.option("--division", required=True, help="GB/T 2260 code; 620500 covers its seven, 000000 the country")
@click.option("--oidc-subject", help="who it is at the office's OpenID provider; no password is asked for then")
@JSON
@told
def account_add(
    name: str, officer: str | None, role: str, office: str, division: str, oidc_subject: str | None, as_json: bool
) -> None:
    """Add an account.  The password is asked for, or read from standard input.

    \b
    Example:
      qingxin account add li.wei --role inspector_lead --office 620502-hrss --division 620502
      qingxin account add audit.1 --role auditor --office 620500-discipline --division 620500 --oidc-subject 7f3a
    """
    actor = Actor(officer or name, role, office, division)
    subject = _subject(oidc_subject) if oidc_subject else None
    password = None if subject else _password()
    with _keeping() as connection:
        number = accounts.add(connection, name, password, actor, subject=subject)
    if as_json:
        shown = {"officer": actor.officer, "role": role, "office": office, "division": division}
        printed({"id": number, "name": name, **shown})
    else:
        click.echo(f"added {name}")


@account.command("list")
@JSON
@told
def account_list(as_json: bool) -> None:
    """List accounts, without their passwords.

    \b
    Example:
      qingxin account list
    """
    with connected("owner") as connection:
        found = accounts.listed(connection)
    if as_json:
        printed([{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in a._asdict().items()} for a in found])
        return
    table = Table("name", "officer", "role", "office", "division", "signs in by", "made", "disabled")
    for a in found:
        ways = " · ".join(way for way, there in (("password", a.password), ("OpenID", a.subject)) if there)
        disabled = a.disabled_at.isoformat(timespec="seconds") if a.disabled_at else ""
        table.add_row(
            a.name, a.officer, a.role, a.office, a.division, ways, a.made_at.isoformat(timespec="seconds"), disabled
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@account.command("password")
@click.argument("name")
@told
def account_password(name: str) -> None:
    """Give an account another password; whoever is signed in to it is signed out.

    \b
    Example:
      qingxin account password li.wei
    """
    password = _password()
    with _keeping() as connection:
        accounts.set_password(connection, name, password)
    click.echo(f"changed {name}")


@account.command("disable")
@click.argument("name")
@told
def account_disable(name: str) -> None:
    """Let nobody sign in to an account any more; whoever is signed in is signed out at the next request.

    \b
    Example:
      qingxin account disable li.wei
    """
    with _keeping() as connection:
        if not accounts.disable(connection, name):
            fail(f"账号 {name} 已停用 / {name} is disabled already")
    click.echo(f"disabled {name}")


@account.command("enable")
@click.argument("name")
@told
def account_enable(name: str) -> None:
    """Let an account that was disabled be used again.

    \b
    Example:
      qingxin account enable li.wei
    """
    with _keeping() as connection:
        if not accounts.enable(connection, name):
            fail(f"账号 {name} 未停用 / {name} is not disabled")
    click.echo(f"enabled {name}")


@contextmanager
def _keeping() -> Iterator[Connection]:
    """The owner's connection, and what accounts refuse as sentences."""
    with connected("owner") as connection:
        try:
            yield connection
        except (accounts.Unfit, NotAnIdentity) as problem:
            fail(str(problem))
        except accounts.NoSuchAccount as problem:
            fail(f"没有账号 {problem} / there is no account {problem}")


def _subject(given: str) -> str:
    """Who it is at the provider that is configured."""
    provider = Settings.from_environment().provider
    if provider is None:
        fail("未配置统一身份认证 / no provider is configured: set QINGXIN_OIDC_ISSUER")
    return accounts.subject_of(provider.issuer, given)


def _password() -> str:
    """The password, typed twice at a terminal, or one line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("口令 password", hide_input=True, confirmation_prompt="再输一次 again"))
    return sys.stdin.readline().rstrip("\r\n")
