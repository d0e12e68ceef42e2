"""``qingxin``: the office from a terminal.

``running.py`` migrates and serves; ``following.py`` projects; ``looking.py`` replays, reports and exports; ``keeping.py`` imports, issues tokens, erases and
rebuilds; ``accounts.py`` keeps who may sign in; ``projects.py``, ``draws.py`` and ``rulebook.py`` keep the ledger, the draws, and what the office decides; ``statistics.py``
closes periods and watches; ``bench.py`` measures.  Exit codes: 0 done, 1 refused or not proven, 2 wrong usage.
"""

from __future__ import annotations

from importlib import import_module

import click

from interface import __version__, logs

COMMANDS = {
    "running": ("migrate", "serve", "stop"),
    "following": ("projector",),
    "demo": ("demo",),
    "accounts": ("account",),
    "keeping": ("token", "import", "person", "rebuild"),
    "looking": ("export", "history", "report"),
    "projects": ("project",),
    "draws": ("draw",),
    "rulebook": ("setting", "rule", "calendar"),
    "statistics": ("period", "oversight"),
    "bench": ("bench",),
}
"""The commands by the module they stand in; a module is read when one of its commands is asked for, so that each starts at once."""
MODULE_OF = {name: module for module, names in COMMANDS.items() for name in names}


class Commands(click.Group):
    """The commands, each read from its module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULE_OF:
            return None
        name = f"{cmd_name}_" if cmd_name == "import" else cmd_name  # a word of Python's own
        command: click.Command = getattr(import_module(f"interface.cli.{MODULE_OF[cmd_name]}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="qingxin")
def main() -> None:
    """清薪 Qingxin: an event-sourced case system for labour offices that fight wage arrears.

    \b
    Example:
      qingxin migrate && qingxin serve
      qingxin history SC-GONGXIAN-2018
    """
    logs.configure()
