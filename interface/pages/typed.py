"""What people type, as the office writes it: digits and letters at full width, days with strokes, amounts with their sign."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_DATE = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月)?|年)?")


def narrow(text: Any) -> str:
    """Digits and letters typed at full width as plain ones."""
    return unicodedata.normalize("NFKC", str(text or "")).strip()


def plain(text: str) -> str:
    """A number, a code or a name in letters without their width; a text in Chinese stays as it was typed."""
    found = narrow(text)
    return found if found.isascii() else text.strip()


def code(text: Any) -> str:
    """A code of letters and digits alone: without blanks, in capitals."""
    return re.sub(r"\s", "", narrow(text)).upper()


def dated(text: Any) -> str:
    """A day or a month as people write it - 2026/2/1, 2026年2月 - as 2026-02-01, 2026-02; anything else as it was typed."""
    typed = narrow(text)
    found = _DATE.fullmatch(typed)
    return "-".join(part.zfill(2) for part in found.groups() if part) if found else typed


def whole(text: Any) -> int | str:
    """A whole number, with or without commas; anything else as it was typed."""
    typed = narrow(text).replace(",", "")
    return int(typed) if re.fullmatch(r"-?[0-9]{1,11}", typed) else typed


def yuan(text: Any) -> str:
    """An amount without commas and without its sign."""
    return re.sub(r"[,¥\uffe5元\s]", "", narrow(text))
