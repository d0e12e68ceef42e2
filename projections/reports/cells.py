"""A figure that is a table of its own, cell by cell: by age, by clock, from step to step, by system."""

from __future__ import annotations

from typing import Any


def is_rate(value: Any) -> bool:
    """Whether a figure comes with what it is made of."""
    return isinstance(value, dict) and "value" in value


def cells(value: Any) -> dict[str, Any]:
    """The numbers of a figure by where they stand in it (``by_age.0-30.cases``); of a figure that is one number, it alone."""
    if not isinstance(value, dict) or is_rate(value):
        return {"": value}
    return {
        ".".join(filter(None, (name, below))): leaf
        for name, part in value.items()
        for below, leaf in cells(part).items()
    }


def cell_of(value: Any, cell: str) -> Any:
    """The number that stands at a place in a figure."""
    for step in cell.split(".") if cell else ():
        value = value[step]
    return value
