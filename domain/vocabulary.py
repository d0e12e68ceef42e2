"""Every event the office knows, by the name it is stored under, and how old shapes become the present one.

The registry is closed: a name that is not here is never looked up anywhere else.  When a stored shape changes, its
number in ``SHAPES`` goes up and ``UPCASTS`` gains the step from the shape before; the golden files in
``tests/golden`` decode for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from domain import (
    campaign,
    case_asides,
    case_events,
    draw,
    employer,
    inspection,
    number,
    period,
    person,
    project_events,
    rulebook,
    training,
)
from domain.event import Event

EVENTS: dict[str, type[Event]] = {
    name: event
    for module in (
        case_events,
        case_asides,
        person,
        project_events,
        campaign,
        inspection,
        employer,
        training,
        draw,
        period,
        number,
        rulebook,
    )
    for name, event in vars(module).items()
    if isinstance(event, type) and issubclass(event, Event) and event.__module__ == module.__name__
}

SHAPES: dict[str, int] = dict.fromkeys(EVENTS, 1)
"""The present number of each stored shape."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: dict[tuple[str, int], Upcast] = {}
"""``(event, from)``: turns the stored facts of shape ``from`` into those of the next."""

_DECODERS = {name: msgspec.json.Decoder(event) for name, event in EVENTS.items()}
_ENCODER = msgspec.json.Encoder()


class UnknownEvent(ValueError):
    """A stored event has a name or a shape this version of the office does not know."""


def stored_name(event: Event) -> str:
    """The name an event is stored under: ``CasePaid`` in its first shape, ``CasePaid.2`` in its second."""
    name = type(event).__name__
    return name if SHAPES[name] == 1 else f"{name}.{SHAPES[name]}"


def encode(event: Event) -> bytes:
    """The bytes that are stored and chained: flat JSON, ISO dates, decimal yuan as strings."""
    return _ENCODER.encode(event)


def decode(stored: str, state: bytes) -> Event:
    """The event behind stored bytes, typed and validated.  Raises ``UnknownEvent`` or ``msgspec.ValidationError``."""
    if SHAPES.get(stored) == 1:  # nearly always
        return _DECODERS[stored].decode(state)
    name, _, number = stored.partition(".")
    shape = int(number) if number.isdigit() else 1
    decoder = _DECODERS.get(name)
    if decoder is None or shape > SHAPES[name]:
        raise UnknownEvent(stored)
    if shape == SHAPES[name]:
        return decoder.decode(state)
    facts = msgspec.json.decode(state)
    for earlier in range(shape, SHAPES[name]):
        facts = UPCASTS[name, earlier](facts)
    return msgspec.convert(facts, EVENTS[name], strict=True)
