"""The demo city: Tianshui (620500) as it stood on 2025-04-10, with every number its labour office printed that day.

Invented throughout: no firm, officer or worker in it is real.  Made deterministically and through the acts an officer records, so
what the law refuses cannot stand in it.  Read ``city.py`` for the places, ``clues.py`` for how many clues went which way,
``cases.py`` for how a case goes, ``projects.py``, ``inspections.py``, ``listings.py``, ``trainings.py`` and ``draws.py`` for what is no
case, ``writing.py`` for the whole, and ``loading.py`` for how it comes into the office.
"""

from __future__ import annotations

from interface.demo.cases import story
from interface.demo.city import ACCOUNTS, CASES, SEED
from interface.demo.loading import PASSWORD, Again, fill, open_accounts, prepare, say_accounts
from interface.demo.writing import load_city

__all__ = [
    "ACCOUNTS", "CASES", "PASSWORD", "SEED", "Again", "fill", "load_city", "open_accounts", "prepare", "say_accounts", "story",
]  # fmt: skip
