"""Numbers by which an employer is known: the unified social credit code and its 15-digit forerunner.

GB 32100-2015: 18 characters of a 31-character alphabet, the last one a check character with the weights
3^i mod 31.  Notices before the change of 2015-2018 still print the 15-digit registration number.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SHAPE = re.compile(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{2}\d{6}[0-9ABCDEFGHJKLMNPQRTUWXY]{10}")


def check_character(body: str) -> str:
    """The 18th character for the first seventeen (GB 32100-2015, 5)."""
    total = sum(ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return ALPHABET[-total % 31]


def valid(code: str) -> bool:
    """Whether a code is a unified social credit code with its right check character, or a 15-digit number."""
    if re.fullmatch(r"\d{15}", code):
        return True
    return bool(SHAPE.fullmatch(code)) and check_character(code[:17]) == code[17]
