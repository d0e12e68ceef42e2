"""Commands that keep the office: ``import``, ``token``, ``person``, ``rebuild``."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from application import importing, tokens
from application.office import NotOnFile, today
from domain.offices import office_exists
from domain.powers import Actor
from domain.record import Signature
from domain.words import spoken
from interface.cli.opening import caught_up, connected, opened
from interface.cli.shared import JSON, LANG, bar, err, fail, printed, told
from projections.rebuild import NAMES, check
from projections.rebuild import rebuild as make_again


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="only say what would be imported")
@click.option("--officer", default="importer", show_default=True, help="who signs the entries")
@click.option("--office", "at", default="000000-hrss", show_default=True, help="for which office")
@LANG
@JSON
@told
def import_(file: Path, dry_run: bool, officer: str, at: str, lang: str, as_json: bool) -> None:
    """Import case histories (YAML, JSON, JSON Lines) or ledgers (CSV, XLSX).

    A case is imported whole or not at all; one that is there already is left as it is.  Exit 1 if a row was refused.

    \b
    Example:
      qingxin import cases.yaml --dry-run
      qingxin import ledger.xlsx --officer li.wei --office 620502-hrss
    """
    if not office_exists(at):
        raise click.UsageError(f"no such office: {at}; write <division>-<kind>, such as 620502-hrss")
    counts = dict.fromkeys(("imported", "unchanged", "refused"), 0)
    outcomes = []
    with opened() as (office, _), bar() as progress:
        task = progress.add_task(file.name, total=None)
        for outcome in importing.bring_in(
            office, importing.rows(file), importing.Importer(officer, at), dry_run=dry_run
        ):
            progress.advance(task)
            counts[outcome.result] += 1
            if as_json:
                outcomes.append(outcome.__dict__)
            elif outcome.result == "refused":
                click.echo(f"✗ {outcome.row}  {outcome.source or '—'}  {outcome.reason}")
            elif outcome.warnings and outcome.result == "imported":
                click.echo(f"⚠ {outcome.row}  {outcome.source}  {spoken(outcome.warnings, lang)}")
        if not dry_run and counts["imported"]:
            caught_up(office.url)
    if as_json:
        printed({"dry_run": dry_run, **counts, "rows": outcomes})
    else:
        said = "  ".join(f"{name} {count}" for name, count in counts.items())
        click.echo(f"{'试运行 dry run: ' if dry_run else ''}{said}")
    if counts["refused"]:
        raise SystemExit(1)


@click.group()
def token() -> None:
    """Issue, list and revoke the tokens that programs and officers show at the counter.

    \b
    Example:
      qingxin token issue --officer li.wei --role inspector_lead --office 620502-hrss --division 620502
    """


@token.command("issue")
@click.option("--officer", required=True, help="the officer's reference, never a name or number of a person")
@click.option("--role", required=True, help="such as intake, inspector_lead, auditor")
@click.option("--office", required=True, help="<division>-<kind>, such as 620502-hrss")
@click.option("--division", required=True, help="GB/T 2260 code; 620500 covers its seven, 000000 the country")
@JSON
@told
def token_issue(officer: str, role: str, office: str, division: str, as_json: bool) -> None:
    """Issue a token; it is shown once.

    \b
    Example:
      qingxin token issue --officer audit.1 --role auditor --office 620500-discipline --division 620500
    """
    with connected("owner") as connection:
        try:
            secret = tokens.issue(connection, Actor(officer, role, office, division))
        except tokens.NotAnIdentity as problem:
            fail(str(problem))
    if as_json:
        printed({"token": secret, "officer": officer, "role": role, "office": office, "division": division})
    else:
        click.echo(secret)


@token.command("list")
@JSON
@told
def token_list(as_json: bool) -> None:
    """List tokens, without their secrets.

    \b
    Example:
      qingxin token list
    """
    with connected("owner") as connection:
        found = tokens.listed(connection)
    if as_json:
        printed([{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in t._asdict().items()} for t in found])
        return
    table = Table("id", "officer", "role", "office", "division", "issued", "revoked")
    for t in found:
        revoked = t.revoked_at.isoformat(timespec="seconds") if t.revoked_at else ""
        table.add_row(
            str(t.id), t.officer, t.role, t.office, t.division, t.issued_at.isoformat(timespec="seconds"), revoked
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@token.command("revoke")
@click.argument("id", type=int)
@told
def token_revoke(id: int) -> None:
    """Revoke a token by its number in the list; it stops working at the next request.

    \b
    Example:
      qingxin token revoke 3
    """
    with connected("owner") as connection:
        if not tokens.revoke(connection, id):
            fail(f"没有可撤销的令牌 {id} / there is no token {id} to revoke")
    click.echo(f"revoked {id}")


@click.group()
def person() -> None:
    """Keep the vault of personal data.

    \b
    Example:
      qingxin person erase 427903da-7866-54c5-a783-6fd6320d2e6b --reason "保存期限届满"
    """


@person.command("erase")
@click.argument("ref", type=click.UUID)
@click.option("--reason", default="保存期限届满", show_default=True, help="why; recorded")
@click.option("--officer", default="keeper", show_default=True, help="who signs the erasure")
@click.option("--office", "at", default="620500-hrss", show_default=True)
@told
def person_erase(ref: UUID, reason: str, officer: str, at: str) -> None:
    """Destroy the key of a person's data, and record that it was done.  Cases and statistics stand.

    \b
    Example:
      qingxin person erase 427903da-7866-54c5-a783-6fd6320d2e6b
    """
    with opened("owner") as (office, _):
        signature = Signature(officer, "office_head", at, today().isoformat(), today())
        try:
            office.erase_person(ref, reason, signature)
        except NotOnFile:
            fail(f"保管库中没有 {ref} / the vault knows no {ref}")
    click.echo(f"erased {ref}")


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--all", "everything", is_flag=True, help="every read model")
@click.option("--check", "only_check", is_flag=True, help="only compare; exit 1 and name the rows that differ")
@told
def rebuild(name: str | None, everything: bool, only_check: bool) -> None:
    """Make read models again from the events, beside the live ones, and swap; or only compare.

    \b
    Example:
      qingxin rebuild --all
      qingxin rebuild --check
    """
    if not (name or everything or only_check):
        raise click.UsageError(f"name a read model ({', '.join(NAMES)}), or say --all")
    names = (name,) if name else NAMES
    with opened("owner") as (office, _), connected("owner") as connection, bar() as progress:
        caught_up(office.url)
        task = progress.add_task("check" if only_check else "rebuild", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        if not only_check:
            count = make_again(connection, names, tell)
            err.print(f"[green]✓[/green] {', '.join(names)}: {count} events")
            return
        differences = check(connection, names, tell)
    for difference in differences:
        click.echo(str(difference))
    if differences:
        fail(f"{len(differences)} 行与事件不符 / rows differ from the events")
    click.echo(f"✓ {', '.join(names)}: 与事件一致 / equal to the events")
