"""Offices by their code: ``<division>-<kind>``, such as ``620502-hrss``."""

from __future__ import annotations

import re

from domain.codes import OFFICE_KINDS

OFFICE = re.compile(r"(\d{6})-([a-z0-9_]+)")


def office_exists(office: str) -> bool:
    """Whether a code names an office: ``<division>-<kind>``."""
    found = OFFICE.fullmatch(office)
    return bool(found) and found[2] in OFFICE_KINDS  # type: ignore[index]
