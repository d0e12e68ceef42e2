"""What stands in the address of a page: filters, the order, the page, the two moments of time travel.

Filters are checked by the same schemas as those of the API.  What makes no sense is left out of a list and told; a file, in which
nobody would be told, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request
from marshmallow import Schema, ValidationError

from application.regions import name_of
from interface.api.problems import Problem
from interface.api.queries import moments
from interface.pages import typed
from projections.desk import Listed

MOST_PAGE = 10**6
NOT_FILTERS = frozenset({"sort", "page", "limit", "cursor", "list", "version", "group", "by", "yoy", "explain"})


@dataclass(frozen=True)
class Asked:
    """The filters in force, the moments, the order and the page; and what of the address made no sense."""

    filters: dict[str, Any]
    moment: dict[str, Any]
    sort: str
    page: int
    wrong: list[str] = field(default_factory=list)

    @property
    def on(self) -> date | None:
        return self.moment.get("on")

    @property
    def known(self) -> datetime | None:
        return self.moment.get("known")

    @property
    def given(self) -> dict[str, str]:
        """The filters as they stand in the address."""
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in self.filters.items()
        }

    @property
    def address(self) -> str:
        """Filters, moments and order as one query string, by which a case remembers the list it was opened from."""
        moment = {name: value.isoformat() for name, value in self.moment.items()}
        return urlencode({**self.given, **moment, **({"sort": self.sort} if self.sort else {})})


def asked(schema: type[Schema], source: dict[str, str] | None = None, *, by: Collection[str] = ()) -> Asked:
    """What the address asks, or another query string given as ``source``; ``by`` is what the list can be sorted by."""
    raw = {name: typed.plain(value) for name, value in (request.args if source is None else source).items()}
    given = {name: value for name, value in raw.items() if value and name not in NOT_FILTERS}
    wrong: list[str] = []
    try:
        loaded = schema(exclude=("limit", "cursor")).load(given)
    except ValidationError as problem:
        wrong = sorted(str(name) for name in problem.messages_dict)
        loaded = schema(exclude=("limit", "cursor")).load({k: v for k, v in given.items() if k not in wrong})
    if name_of(loaded.get("division", "")) == loaded.get("division"):  # a code that names no place
        wrong.append("division")
        del loaded["division"]
    moment, page, sort = moments(loaded), raw.get("page") or "1", raw.get("sort", "")
    if not page.isdecimal() or not int(page[:20]):
        wrong, page = [*wrong, "page"], "1"
    if sort and sort.removeprefix("-") not in by:
        wrong, sort = [*wrong, "sort"], ""
    return Asked(loaded, moment, sort, min(int(page[:20]), MOST_PAGE), wrong)


def last_of(listed: Callable[[int], Listed], page: int) -> Listed:
    """The page of a list that was asked for, or the last there is."""
    found = listed(page)
    return listed(found.pages) if found.page > found.pages else found


def of_a_file(wanted: Asked, names: Callable[[str], str]) -> Asked:
    """What a file is asked for.  Problem: 422, where some of it makes no sense: a file would not say that it was left out."""
    if wanted.wrong:
        raise Problem(422, "fields", names="、".join(map(names, wanted.wrong)))
    return wanted


def of_list(text: str | None) -> dict[str, str]:
    """A query string kept in the address of a case, as a mapping."""
    return dict(parse_qsl((text or "")[:2000]))


def limits() -> dict[str, str]:
    """The version and the moments in the address of a record, as the API takes them."""
    return {name: value for name in ("on", "known", "version") if (value := request.args.get(name, "").strip())}
