"""``qingxin demo``: more invented cases, for trying things at size."""

from __future__ import annotations

import click

from interface import demo as city
from interface.cli.shared import caught_up, err, opened, told


@click.command()
@click.option(
    "--scale", type=click.IntRange(1, 20_000), default=1, show_default=True, help="how many times seventy cases"
)
@told
def demo(scale: int) -> None:
    """Record invented cases in the seven counties of Tianshui, deterministically; a second call with the same scale is refused.

    \b
    Example:
      qingxin demo --scale 10
    """
    with opened() as (office, _):
        city.fill(office, city.CASES * scale, seed=city.SEED + scale)
        caught_up(office.url, 3600)
    err.print(f"✓ {city.CASES * scale} cases")
