"""Fingerprints of the law as data, for the stamp of every figure: which rules, which calendar, which decisions."""

from __future__ import annotations

from domain.fingerprint import fingerprint
from domain.rulebook import Rulebook
from domain.rules.clocks import RULES_DIGEST
from domain.rules.escalation import ESCALATION_DIGEST


def digests(book: Rulebook) -> dict[str, str]:
    """SHA-256 of the clocks and escalation rules with what the office amended, of the calendar, and of the settings decided."""
    return {
        "rules": fingerprint([RULES_DIGEST, ESCALATION_DIGEST, book.rules]),
        "calendar": book.calendar.digest,
        "settings": book.settings.digest,
    }
