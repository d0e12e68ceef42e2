"""How a due day came about, told step by step: as facts for a program, as sentences for a reader.

A step is a plain dict with its ``step`` and ``reason``, and the facts that the sentence in ``SENTENCES`` is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

from domain.rules.calendar import Due
from domain.words import LANGUAGES, spoken

Step = dict[str, Any]
Unit = Literal["working_days", "calendar_days", "months", "same_day", "given"]

UNITS = {
    "working_days": ("个工作日", "working days"),
    "calendar_days": ("日", "days"),
    "months": ("个月", "months"),
    "same_day": ("当日", "the same day"),
    "given": ("以文书载明之日为限", "the day the document gives"),
}

SENTENCES: dict[tuple[str, str], tuple[str, str]] = {
    ("started", ""): ("自{day}起算({event},第{version}条记录)。", "Counted from {day} ({event}, entry {version})."),
    ("started", "deemed"): (
        "自{day}起算:{notice}公告(第{version}条记录),期满视为送达。",
        "Counted from {day}, when the notice of {notice} (entry {version}) is deemed served.",
    ),
    ("started", "unknown"): (
        "起算日不明确({event},第{version}条记录),不作判断。",
        "The starting day is not known to the day ({event}, entry {version}); nothing is judged.",
    ),
    ("rule", ""): ("依据{law}({since}起):{limit}。", "Under {law}, since {since}: {limit}."),
    ("rule", "unverified"): (
        "{law}:时限未经本机关确认,不作判断。",
        "{law}: the office has not confirmed this term; nothing is judged.",
    ),
    ("skipped", "weekend"): ("周末不计:{day}。", "Weekends do not count: {day}."),
    ("skipped", "holiday"): ("节假日不计:{day}。", "Holidays do not count: {day}."),
    ("rolled", "weekend"): ("期满日逢周末,顺延:{day}。", "It may not end on a weekend: {day}."),
    ("rolled", "holiday"): ("期满日逢节假日,顺延:{day}。", "It may not end on a holiday: {day}."),
    ("counted", "make_up_day"): ("调休上班日计入:{day}。", "Make-up working days count: {day}."),
    ("due", ""): ("期满日{day}。", "Due on {day}."),
    ("due", "provisional"): (
        "期满日{day}(暂定:当年放假安排尚未公布)。",
        "Due on {day}, provisionally: that year's calendar is not yet published.",
    ),
    ("extended", ""): ("延至{day}(第{version}条记录)。", "Extended to {day} (entry {version})."),
    ("extended", "limited"): (
        "延至{day}(第{version}条记录),依法最迟{at_most}。",
        "Extended to {day} (entry {version}); {at_most} at the latest by law.",
    ),
    ("stopped", ""): ("{day}停止({event},第{version}条记录)。", "Stopped on {day} ({event}, entry {version})."),
    ("stopped", "unknown"): (
        "停止日不明确({event},第{version}条记录),不作判断。",
        "The stopping day is not known to the day ({event}, entry {version}); nothing is judged.",
    ),
}
"""What is said of a step, by step and reason: Chinese, English."""


def step(name: str, reason: str = "", **facts: Any) -> Step:
    """One step of a derivation."""
    return {"step": name, "reason": reason, "day": None, **facts}


def counted(due: Due, passed: Literal["skipped", "rolled"]) -> Iterator[Step]:
    """The days that were passed over or counted against the week, in turn, and the day they led to."""
    days = [step(passed, reason, day=day) for day, reason in due.skipped]
    days += [step("counted", "make_up_day", day=day) for day in due.make_up_days]
    yield from sorted(days, key=lambda counted: counted["day"])
    yield step("due", "provisional" if due.provisional else "", day=due.day)


def told(derivation: Sequence[Step], lang: str = "zh") -> list[str]:
    """A derivation in sentences; days passed over for the same reason share one."""
    order = {sort: place for place, sort in reversed([*enumerate(map(_sort, derivation))])}
    alike = groupby(sorted(derivation, key=lambda step: order[_sort(step)]), key=_sort)
    return [_sentence(list(steps), lang) for _, steps in alike]


def _sort(step: Step) -> tuple[str, str]:
    return step["step"], step["reason"]


def _sentence(steps: list[Step], lang: str) -> str:
    facts = {**steps[0], "day": [step["day"] for step in steps], "limit": _limit(steps[0], lang)}
    template = SENTENCES[_sort(steps[0])][LANGUAGES.index(lang)]
    return template.format_map({name: spoken(fact, lang) for name, fact in facts.items()})


def _limit(step: Step, lang: str) -> str:
    if "unit" not in step:
        return ""
    unit = UNITS[step["unit"]][LANGUAGES.index(lang)]
    return unit if step["n"] is None else f"{step['n']}{unit}" if lang == "zh" else f"{step['n']} {unit}"
