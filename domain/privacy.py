"""Finds personal data in free text, so that it never enters an event.

Resident ID: GB 11643-1999 check digit (ISO 7064 MOD 11-2).  Bank card: ISO/IEC 7812-1 (Luhn), or the
UnionPay prefix 62.  Digits are read as people type them: full width, with blanks or dashes between.
"""

from __future__ import annotations

import re
import unicodedata

_SEPARATOR = re.compile(r"(?<=\d)[\s\-·.]+(?=[\dXx])")
_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
_CARD = re.compile(r"(?<![0-9A-Za-z])\d{16,19}(?![0-9A-Za-z])")
_OWN = re.compile(  # what the office itself makes: numbers as 620502-2026-000001, ids, digests; in hexadecimal, by chance, a phone
    r"(?<!\d)\d{6}-\d{4}-[A-Z]?\d{5,6}(?!\d)"
    r"|(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_check_digit(body: str) -> str:
    """The last character of a resident ID for its first seventeen digits (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def personal_data(text: str) -> str | None:
    """The kind of personal data a text carries - id_number, phone, bank_account - or None."""
    plain = _OWN.sub(" ", unicodedata.normalize("NFKC", text))
    for form in (plain, _SEPARATOR.sub("", plain)):
        if any(id_check_digit(found[:17]) == found[17].upper() for found in _ID.findall(form)):
            return "id_number"
        if any(found.startswith("62") or _luhn(found) for found in _CARD.findall(form)):
            return "bank_account"
        if _MOBILE.search(form):
            return "phone"
    return None


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0
