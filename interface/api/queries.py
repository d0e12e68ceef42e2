"""What stands in a query string: paging, and the two moments - as it was on a day, as it was known at an instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import ValidationError, fields

from domain.day import LAST_YEAR, day_start, moment
from domain.record import Entry
from interface.api import shapes

LAST = date(LAST_YEAR, 12, 31)
LAST_MOMENT = day_start(LAST + timedelta(days=1)) - timedelta(microseconds=1)


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant; or a day, meaning its end in Asia/Shanghai."""

    default_error_messages = {"required": "required", "null": "null"}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        found = moment(str(value).replace(" ", "+"))
        if found is None:
            raise ValidationError("instant")
        return found


class Limited(shapes.Body):
    """Paging: an opaque cursor from the Link of the page before, and at most 500 lines."""

    limit = shapes.Number(load_default=50, validate=shapes._within(1, 500))
    cursor = shapes.Text(validate=shapes._length(1, 100))


class Moment(shapes.Body):
    """As it was on a day; as it was known at an instant."""

    on = shapes.Day(metadata={"description": "as it was on this day"})
    known = Instant(metadata={"description": "as it was known at this instant", "format": "date-time"})


class Nothing(shapes.Body):
    """A query with nothing to ask: any field in it is one too many."""


def moments(asked: dict[str, Any]) -> dict[str, Any]:
    """The moments of a query, taken out of it.  What lies beyond all calendars is the last day, or the last moment, of one."""
    last: dict[str, Any] = {"on": LAST, "known": LAST_MOMENT}
    return {name: min(asked.pop(name), end) for name, end in last.items() if asked.get(name) is not None}


def within(entry: Entry, limits: dict[str, Any]) -> bool:
    """Whether an entry stands within the version and the moments asked for, as it was recorded."""
    version, on, known = (limits.get(name) for name in ("version", "on", "known"))
    return (
        (version is None or entry.version <= version)
        and (on is None or entry.happened_by <= on)
        and (known is None or entry.recorded_at is None or entry.recorded_at <= known)
    )


def page_link(cursor: str) -> str:
    """The Link header (RFC 8288) to the next page of what was asked."""
    query = {**request.args.to_dict(), "cursor": cursor}
    return f'<{request.path}?{urlencode(query)}>; rel="next"'
