"""Measuring in turn, and the table of what was measured: a line each, with its ratio and whether it meets a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Trial:
    """One run of the bench: where, how long, how often."""

    url: str
    home: Path  # a folder of its own, for keys and logs
    rounds: int
    seconds: float
    full: bool
    say: Callable[[str], None]


@dataclass(frozen=True)
class Line:
    """A line of the table.  ``ratio`` is the median of the rounds' own ratios, ours over the baseline."""

    group: str
    name: str
    unit: str
    value: float
    baseline: str
    baseline_value: float
    ratio: float
    ratios: tuple[float, ...]
    target: str | None = None
    met: bool | None = None

    def shown(self) -> dict[str, Any]:
        """The line as JSON has it."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Target:
    """What was promised of a line."""

    text: str
    met: Callable[[Line], bool]


def share(least: float) -> Target:
    """So much of the baseline's rate."""
    return Target(f"≥ {least:g} × baseline", lambda line: line.ratio >= least)


def slower(most: float) -> Target:
    """The baseline's time so many times over, at most."""
    return Target(f"≤ {most:g} × its time", lambda line: line.ratio * most >= 1)


def rate(least: float) -> Target:
    """So many each second, whatever the baseline does."""
    return Target(f"≥ {least:,.0f}/s", lambda line: line.value >= least)


def below(most: float, unit: str = "MB") -> Target:
    """Less than so many megabytes, or milliseconds."""
    return Target(f"< {most:g} {unit}", lambda line: line.value < most)


def in_turn(trial: Trial, what: str, ways: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """What each way measured in each round; who begins changes from round to round."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(trial.rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            trial.say(f"{what}: {name}, round {number + 1} of {trial.rounds}")
            found[name].append(ways[name]())
    return found


def line(
    group: str, name: str, ours: Sequence[float], baseline: str, theirs: Sequence[float],
    *, target: Target | None = None, unit: str = "/s",
) -> Line:  # fmt: skip
    """The line of what was measured in rounds."""
    ratios = tuple(mine / other for mine, other in zip(ours, theirs, strict=True) if other)
    ratio = median(ratios) if ratios else 0.0
    found = Line(group, name, unit, median(ours), baseline, median(theirs), ratio, ratios)
    return Line(**{**found.__dict__, "target": target.text, "met": target.met(found)}) if target else found


def table(lines: Sequence[Line]) -> Table:
    """The lines for a terminal."""
    shown = Table("", "measured", "baseline", "", "ratio", "target", "", title="qingxin bench")
    for place in (1, 3, 4):
        shown.columns[place].justify = "right"
    group = lines[0].group if lines else ""
    for each in lines:
        if each.group != group:
            shown.add_section()
            group = each.group
        mark = {None: "", True: "[green]✓[/green]", False: "[red]✗[/red]"}[each.met]
        shown.add_row(
            each.name, _amount(each.value, each.unit), each.baseline, _amount(each.baseline_value, each.unit),
            _spread(each), each.target or "", mark,
        )  # fmt: skip
    return shown


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f}{unit}" if unit == "/s" else f"{value:,.{1 if unit == 'ms' else 0}f} {unit}"


def _spread(each: Line) -> str:
    """The ratio, with the lowest and the highest round where there were several."""
    if len(each.ratios) < 2:
        return f"{each.ratio:.2f}"
    return f"{each.ratio:.2f} ({min(each.ratios):.2f}–{max(each.ratios):.2f})"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    return [_rounded(each) for each in value] if isinstance(value, tuple) else value
