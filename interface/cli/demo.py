"""``qingxin demo``: more invented cases, for trying things at size."""

from __future__ import annotations

import click

from interface import demo as city
from interface.cli.opening import caught_up, opened
from interface.cli.shared import bar, err, fail, told


@click.command()
@click.option(
    "--scale",
    type=click.IntRange(1, 20_000),
    default=1,
    show_default=True,
    help=f"how many times {city.CASES:,} cases",
)
@told
def demo(scale: int) -> None:
    """Record invented cases in the seven counties of Tianshui, deterministically; a second call with the same scale is refused.

    They came in after the article's last day, so its numbers stay what they are.

    \b
    Example:
      qingxin demo --scale 10
    """
    count = city.CASES * scale
    with opened() as (office, _), bar() as progress:
        task = progress.add_task("cases", total=count)
        try:
            city.fill(office, count, seed=city.SEED + scale, step=lambda done: progress.advance(task, done))
        except city.Again:
            fail(f"已用 --scale {scale} 载入过 / these {count} cases have been recorded before; take another scale")
        caught_up(office.url, 3600)
    err.print(f"✓ {count} cases")
