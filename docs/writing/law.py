"""The tables of law: clocks, settings, checklist, signals, escalation rules, papers."""

from __future__ import annotations

from collections.abc import Iterable

from domain.rules.checklist import ITEMS
from domain.rules.clocks import ROWS, Match, Row
from domain.rules.derivation import UNITS, Unit
from domain.rules.escalation import RULES as ESCALATION_RULES
from domain.rules.papers import PAPERS, Sheet
from domain.rules.settings import SETTINGS
from domain.rules.signals import SIGNALS
from domain.words import word
from writing.markdown import code, page, table


def clocks() -> str:
    return page(
        "Clocks",
        "Each row is one clock as the law stood since a day. A changed clock gets a further row; the old one stays, because old "
        "cases are judged by it. The rows stand in `domain/rules/clocks*.toml`, which say more than this table does.",
        table(("id", "zh", "en", "starts", "stops", "term", "extension", "law", "since", "setting"), map(clock, ROWS)),
        "*Setting*: the term is the office's own, as it had decided on the day the clock started. Until it has decided, such a "
        "clock is shown and not judged. *Wait*: nothing may stop it before it is over. A due day in a year whose holidays are not "
        "yet published is provisional.",
    )


def clock(row: Row) -> list[object]:
    fact = row.due_fact or row.start_fact
    more_of_it = [code(fact) if fact else "", f"after {row.after}" if row.after else "", "wait" if row.earliest else ""]
    given = f" ({', '.join(filter(None, more_of_it))})" if any(more_of_it) else ""
    stops = [matches(row.stops), f"ends: {matches(row.ends)}" if row.ends else ""]
    more = (
        "" if row.extension is None else term(row.extension.n, row.extension.unit) if row.extension.n else "no number"
    )
    return [
        row.id, row.zh, row.en, matches(row.starts), "; ".join(filter(None, stops)), term(row.n, row.unit) + given, more,
        row.law, row.since, code(row.setting) if row.setting else "",
    ]  # fmt: skip


def matches(found: Iterable[Match]) -> str:
    return ", ".join(f"{done_by(match)}" for match in found)


def done_by(match: Match) -> str:
    facts = [
        f"{name} {sign} {'/'.join(str(value).lower() for value in values)}"
        for sign, asked in (("=", match.where), ("≠", match.but))
        for name, values in asked.items()
    ] + [f"with {name}" for name in match.has]
    return code(match.event) + (f" ({', '.join(facts)})" if facts else "")


def term(n: int | None, unit: Unit) -> str:
    words = UNITS[unit][1]
    if n is None:
        return words if unit in ("given", "same_day") else f"{words}, as the office sets them"
    return f"{n} {words.removesuffix('s') if n == 1 else words}"


# What the law leaves open, and the other tables of law


def rules() -> str:
    return page(
        "Settings, checklist, signals, escalation rules",
        "What the law leaves open, the office decides in the rulebook (`qingxin setting`, `POST /api/rulebook/decide`): a proposal is "
        "never a value. The tables stand in `domain/rules/*.toml`.",
        "## Settings 设置\n\n"
        + table(
            ("setting", "zh", "en", "unit", "proposed", "source"),
            ((code(s.name), s.zh, s.en, s.unit, s.proposed or "—", s.source) for s in SETTINGS.values()),
        ),
        "## Site checklist 检查表\n\n"
        + table(
            ("item", "zh", "en", "severity", "passes when", "basis", "penalty"),
            ((code(i.code), i.zh, i.en, i.severity, i.pass_when_zh, i.basis, i.penalty or "") for i in ITEMS.values()),
        ),
        "## Risk signals 风险信号\n\n"
        + table(
            ("signal", "zh", "en", "level", "settings", "law"),
            ((code(k.id), k.zh, k.en, k.level, code(*k.settings), k.law) for k in SIGNALS.values()),
        ),
        "## Escalation rules 提级规则\n\n"
        + table(
            ("rule", "lane", "zh", "en", "any of", "all of", "and one of", "law", "since"),
            (
                (code(r.id), r.lane, r.zh, r.en, code(*r.any), code(*r.all), code(*r.and_any), r.law, r.since)
                for r in ESCALATION_RULES
            ),
        ),
    )


# The papers


def papers() -> str:
    return page(
        "Papers",
        "The statutory papers 文书 that the office makes out as PDF: which entry each puts in writing, whether it takes a number "
        "(its 文种 stands before 字), what it rests on. The texts stand in `domain/rules/papers.toml`. How to ask is in "
        "[api.md](api.md#papers).",
        table(("code", "zh", "en", "for", "mark", "form", "law", "since"), map(paper, PAPERS.values())),
        "The first paper that fits an entry is the one that `?issue=true` makes out. *待核对* marks what the office has to confirm. "
        "`discipline_handover` concerns an official, and is only for the discipline office and the auditors to know of, as is its number.",
        "A number is `{机关代字}{文种}字〔{year}〕第{N}号`, N with four places. The 机关代字 of a place is a row of the same file; a place "
        "without one is written by its division code.",
        "What the record does not hold is a line to be filled by hand. So are the name, the ID number, the phone and the address of a "
        "complainant, always: they are in the vault, where a reading is recorded, and a paper is read without.",
    )


def paper(sheet: Sheet) -> list[object]:
    puts = ", ".join(code(put.event) + (f" ({'/'.join(put.kind)})" if put.kind else "") for put in sheet.puts)
    return [code(sheet.code), *(word(sheet.code, lang, "paper") for lang in ("zh", "en")), puts, sheet.mark or "—", sheet.form,
            sheet.law, sheet.since]  # fmt: skip
