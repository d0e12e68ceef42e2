"""How a page is put together: tables, codes, words in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.event import Event, sort_of
from domain.words import word

MADE = "<!-- Made by docs/make.py; change the code, then run it. -->"

Rows = Iterable[Sequence[object]]


def table(headings: Sequence[str], rows: Rows) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell(each) for each in line) + " |" for line in lines)


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def code(*names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


def both(name: str) -> tuple[str, str]:
    return word(name), word(name, "en")


def done(event: type[Event]) -> str:
    """What an event does, in both languages."""
    return " ".join(both(f"done_{sort_of(event)}"))
