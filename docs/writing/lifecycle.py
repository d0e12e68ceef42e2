"""The lifecycle of a case, as a diagram and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.case_lifecycle import ENDINGS, LIFECYCLE, STEPS, STILL_OPEN
from domain.event import Event, sort_of
from domain.words import WORDS
from writing.markdown import Rows, both, code, done, page, table


def lifecycle() -> str:
    return page(
        "Lifecycle of a case",
        "What must have happened before an event may be recorded. An arrow means *after*; a dotted arrow means *after one of "
        "these*; an arrow with a cross means *never after*. Double frames are endings. The events that are not drawn need only "
        "that the case was received.",
        f"```mermaid\n{diagram()}\n```",
        "The same as a table. *Ended* says whether the event may still follow an ending without reopening.",
        table(("event", "zh", "en", "after all of", "after one of", "never after", "once", "ended"), lifecycle_rows()),
        "An imported history may break the order. The step is kept, with a warning on it.",
        "## How a case stands\n\n"
        "The status is the word of the weightiest step since the case was last opened. Of two equals the later counts. "
        "`paid` and `overdue` follow from the amounts and the day, and are never stored.",
        table(("weight", "status", "zh", "en"), ((STEPS.get(s, ""), code(s), *status(s)) for s in (*STEPS, "overdue"))),
    )


def diagram() -> str:
    """The lifecycle as a Mermaid flowchart."""
    drawn, nodes = list(arrows()), dict.fromkeys(event for arrow in arrows() for event in (arrow[0], arrow[2]))
    lines = ["flowchart LR"]
    for event in named(nodes):
        left, right = ("[[", "]]") if event in ENDINGS else ("[", "]")
        lines.append(f'    {event.__name__}{left}"{done(event)}"{right}')
    return "\n".join(lines + [f"    {first.__name__} {arrow} {then.__name__}" for first, arrow, then in drawn])


def arrows() -> Iterator[tuple[type[Event], str, type[Event]]]:
    """What must have happened first, leaving out the receipt where nothing else is said of an event."""
    received = next(iter(LIFECYCLE))
    ordered = {first for rule in LIFECYCLE.values() for first in (*rule.after, *rule.after_any, *rule.never_after)}
    for event, rule in LIFECYCLE.items():
        after = rule.after - {received}
        if not after and not rule.after_any and event in ordered | ENDINGS:
            after = rule.after
        for arrow, others in (("-->", after), ("-.->", rule.after_any), ("--x", rule.never_after)):
            yield from ((other, arrow, event) for other in named(others))


def lifecycle_rows() -> Rows:
    for event, rule in LIFECYCLE.items():
        follows = event in STILL_OPEN or bool(rule.after & ENDINGS)
        yield (
            code(event.__name__), *both(f"done_{sort_of(event)}"), names(rule.after), names(rule.after_any),
            names(rule.never_after), "yes" if rule.once else "", "yes" if follows else "",
        )  # fmt: skip


def names(events: Iterable[type[Event]]) -> str:
    return code(*(event.__name__ for event in named(events)))


def named(events: Iterable[type[Event]]) -> list[type[Event]]:
    return sorted(events, key=list(LIFECYCLE).index)


def status(name: str) -> list[str]:
    return WORDS["status"][name]
