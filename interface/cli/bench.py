"""``qingxin bench``: what it costs, as ratios against baselines measured in the same run."""

from __future__ import annotations

import click


@click.command()
def bench() -> None:
    """Measure."""
