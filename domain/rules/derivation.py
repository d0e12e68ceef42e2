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
    ("started", "ran_out"): (
        "自{day}起算:时限{clock}届满(由第{version}条记录起算)。",
        "Counted from {day}, when clock {clock} (started by entry {version}) ran out.",
    ),
    ("started", "unknown"): (
        "起算日不明确({event},第{version}条记录),不作判断。",
        "The starting day is not known to the day ({event}, entry {version}); nothing is judged.",
    ),
    ("rule", ""): ("依据{law}({since}起):{limit}。", "Under {law}, since {since}: {limit}."),
    ("rule", "unverified"): (
        "{law}:时限未经本机关确认(设置{setting}),不作判断。",
        "{law}: the office has not confirmed this term (setting {setting}); nothing is judged.",
    ),
    ("rule", "decided"): (
        "依据{law},本机关确定为{limit}(设置{setting})。",
        "Under {law}, as the office has decided: {limit} (setting {setting}).",
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
    ("paused", ""): (
        "{day}至{until}中止{limit}(第{version}条记录),不计入。",
        "Suspended from {day} to {until} (entry {version}): not counting {limit}.",
    ),
    ("paused", "still"): (
        "{day}起中止(第{version}条记录),尚未恢复;至{until}已中止{limit},不计入。",
        "Suspended since {day} (entry {version}), not resumed by {until}: not counting {limit}.",
    ),
    ("paused", "unknown"): (
        "中止或恢复之日不明确(第{version}条记录),不作判断。",
        "The days of the suspension (entry {version}) are not known to the day; nothing is judged.",
    ),
    ("moved", ""): ("期满日顺延至{day}。", "The due day moves to {day}."),
    ("moved", "provisional"): (
        "期满日顺延至{day}(暂定:当年放假安排尚未公布)。",
        "The due day moves to {day}, provisionally: that year's calendar is not yet published.",
    ),
    ("moved", "extended"): ("延长后的期限顺延至{day}。", "The extended day moves to {day}."),
    ("stopped", ""): ("{day}停止({event},第{version}条记录)。", "Stopped on {day} ({event}, entry {version})."),
    ("stopped", "early"): (
        "{day}停止({event},第{version}条记录),期限尚未届满,为时过早。",
        "Stopped on {day} ({event}, entry {version}), before the term was over: too early.",
    ),
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
    order = {alike: place for place, alike in reversed([*enumerate(map(_alike, derivation))])}
    alike = groupby(sorted(derivation, key=lambda step: order[_alike(step)]), key=_alike)
    return [_sentence(list(steps), lang) for _, steps in alike]


def _sort(step: Step) -> tuple[str, str]:
    return step["step"], step["reason"]


def _alike(step: Step) -> tuple[str, str, int | None]:
    return *_sort(step), step.get("version")


def _sentence(steps: list[Step], lang: str) -> str:
    facts = {**steps[0], "day": [step["day"] for step in steps], "limit": _limit(steps[0], lang)}
    template = SENTENCES[_sort(steps[0])][LANGUAGES.index(lang)]
    return template.format_map({name: spoken(fact, lang) for name, fact in facts.items()})


def _limit(step: Step, lang: str) -> str:
    if "unit" not in step:
        return ""
    unit, n = UNITS[step["unit"]][LANGUAGES.index(lang)], step["n"]
    if n is None:
        return unit
    return f"{n}{unit}" if lang == "zh" else f"{n} {unit.removesuffix('s') if n == 1 else unit}"
