"""What a figure is called where there is no room for its definition."""

from __future__ import annotations

import tomllib
from pathlib import Path

NAMES: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def name_of(report: str, figure: str, lang: str) -> str:
    """The short name of a figure; of one that has none, its key."""
    pair = NAMES.get(report, {}).get(figure)
    return pair[lang == "en"] if pair else figure
