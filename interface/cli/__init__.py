"""``qingxin``: the office from a terminal.

``running.py`` migrates and serves; ``looking.py`` replays, reports and exports; ``keeping.py`` imports, issues tokens, erases and
rebuilds; ``accounts.py`` keeps who may sign in; ``projects.py``, ``draws.py`` and ``rulebook.py`` keep the ledger, the draws, and what the office decides; ``statistics.py``
closes periods and watches; ``bench.py`` measures.  Exit codes: 0 done, 1 refused or not proven, 2 wrong usage.
"""

from __future__ import annotations

import click

from interface import __version__, logs
from interface.cli.accounts import account
from interface.cli.bench import bench
from interface.cli.demo import demo
from interface.cli.draws import draw
from interface.cli.keeping import import_, person, rebuild, token
from interface.cli.looking import export, history, report
from interface.cli.projects import project
from interface.cli.rulebook import calendar, rule, setting
from interface.cli.running import migrate, projector, serve, stop
from interface.cli.statistics import oversight, period


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="qingxin")
def main() -> None:
    """清薪 Qingxin: an event-sourced case system for labour offices that fight wage arrears.

    \b
    Example:
      qingxin migrate && qingxin serve
      qingxin history SC-GONGXIAN-2018
    """
    logs.configure()


COMMANDS = (
    migrate, serve, stop, projector, demo, account, token, import_, export, history, report, rebuild, person, project, draw, setting, rule,
    calendar, period, oversight, bench,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)
