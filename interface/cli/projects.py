"""``qingxin project``: the ledger of key projects (重点项目)."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click

from application import ledger
from application.office import today
from interface.cli.opening import caught_up, opened
from interface.cli.shared import JSON, bar, err, printed, told
from interface.cli.signing import signed, signs


@click.group()
def project() -> None:
    """Keep the ledger of key projects.

    \b
    Example:
      qingxin export projects --format xlsx --out ledger.xlsx
      qingxin project import ledger.xlsx --officer keeper.1 --office 620502-hrss
    """


@project.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="only say what would be imported")
@signs
@JSON
@told
def project_import(file: Path, dry_run: bool, officer: str, role: str, at: str, on: date | None, as_json: bool) -> None:
    """Bring in a ledger of projects (CSV, XLSX), or what `export projects` wrote; a second time only what has changed.

    Exit 1 if a line was refused.

    \b
    Example:
      qingxin export projects --division 620502 --out ledger.csv
      qingxin project import ledger.csv --dry-run --officer keeper.1 --role project_keeper --office 620502-hrss
    """
    counts = dict.fromkeys(("imported", "changed", "unchanged", "refused"), 0)
    outcomes = []
    with opened() as (office, views), bar() as progress:
        caught_up(office.url)
        signature = signed(office, officer, role, at, on, "project.register")
        task = progress.add_task(file.name, total=None)
        clerk = ledger.Clerk(officer, role, at, date.fromisoformat(str(signature.on)))
        find = partial(views.find_record, "project")
        for outcome in ledger.bring_in(office, ledger.rows(file), clerk, today(), dry_run=dry_run, find=find):
            counts[outcome.result] += 1
            outcomes.append(
                {"row": outcome.row, "source": outcome.source, "result": outcome.result, "reason": outcome.reason}
            )
            progress.advance(task)
            if outcome.result == "refused" and not as_json:
                err.print(f"[red]✗[/red] {outcome.row} {outcome.source}: {outcome.reason}", soft_wrap=True)
        if not dry_run:
            caught_up(office.url)
    if as_json:
        printed({"dry_run": dry_run, **counts, "rows": outcomes})
    else:
        click.echo(
            f"{'试运行 dry run: ' if dry_run else ''}{'  '.join(f'{name} {count}' for name, count in counts.items())}"
        )
    if counts["refused"]:
        raise SystemExit(1)
