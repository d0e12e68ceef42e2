"""Fingerprints of the law as data, for the stamp of every figure: which rules, which calendar."""

from __future__ import annotations

from domain.rules.calendar import CALENDAR
from domain.rules.clocks import RULES_DIGEST


def digests() -> dict[str, str]:
    """SHA-256 of the clocks and of the calendar in force."""
    return {"rules": RULES_DIGEST, "calendar": CALENDAR.digest}
