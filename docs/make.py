"""Writes the pages of ``docs/`` that say what the code says, so that they cannot say anything else.

``python docs/make.py`` writes them; ``python docs/make.py --check`` writes nothing and exits 1 when one differs.  Some are
whole pages (``PAGES``), some a table inside a page that people write (``TABLES``), between two marks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from marshmallow import fields, validate  # noqa: E402

import application.screening  # noqa: E402, F401  its refusals stand on the page of refusals
import domain.rules.deposit  # noqa: E402, F401
from domain.case import Case  # noqa: E402
from domain.case_asides import CaseAttached  # noqa: E402
from domain.case_lifecycle import ENDINGS, LIFECYCLE, STEPS, STILL_OPEN  # noqa: E402
from domain.codes import ROLES  # noqa: E402
from domain.event import Event, sort_of  # noqa: E402
from domain.powers import POWERS, READS  # noqa: E402
from domain.record import Record  # noqa: E402
from domain.records import RECORDS  # noqa: E402
from domain.refused import Refused  # noqa: E402
from domain.rules.checklist import ITEMS  # noqa: E402
from domain.rules.clocks import ROWS, Match, Row  # noqa: E402
from domain.rules.derivation import UNITS, Unit  # noqa: E402
from domain.rules.escalation import RULES as ESCALATION_RULES  # noqa: E402
from domain.rules.papers import PAPERS, Sheet  # noqa: E402
from domain.rules.settings import SETTINGS  # noqa: E402
from domain.rules.signals import SIGNALS  # noqa: E402
from domain.words import WORDS, template, word  # noqa: E402
from interface.api import shapes  # noqa: E402
from interface.api.records import PLURALS  # noqa: E402

MADE = "<!-- Made by docs/make.py; change the code, then run it. -->"

Rows = Iterable[Sequence[object]]

# How a page is put together


def table(headings: Sequence[str], rows: Rows) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell(each) for each in line) + " |" for line in lines)


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def code(*names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


def both(name: str) -> tuple[str, str]:
    return word(name), word(name, "en")


def done(event: type[Event]) -> str:
    """What an event does, in both languages."""
    return " ".join(both(f"done_{sort_of(event)}"))


# The lifecycle


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


# The glossary

GROUPS = {
    "channel": "线索来源 How a clue comes in", "complainant": "反映人 Who complains", "precision": "金额精度 How exact an amount is",
    "industry": "行业 Industry", "assign": "交办方式 Ways to assign", "inspect": "检查方式 Kinds of inspection",
    "finding": "核查结论 Findings", "order": "责令和决定种类 Kinds of order", "paper": "文书 Papers", "service": "送达方式 Ways to serve",
    "pay": "支付性质 Kinds of payment", "payer_kind": "支付方 Who pays", "refer": "移送对象 Where a case is referred",
    "revisit": "回访方式 Ways to revisit", "money_received": "到账情况 Whether the money came", "answer": "评价 Answers",
    "level": "公布层级 Levels", "close": "结案与不予受理原因 Reasons to close or decline", "status": "案件状态 Status of a case",
    "role": "角色 Roles", "office": "单位 Kinds of office", "action": "办理事项 Actions", "warning": "提示 Warnings",
    "done": "已办步骤 Steps done", "contact": "联系人 Contact", "record": "记录种类 Sorts of record", "outcome": "移送结果 What came back", "flag_kind": "标记 Flags",
    "flag_level": "舆情级别 Levels of a flag", "proposal": "提请事项 Proposals", "pursuit": "跟进事项 Steps on the way",
    "severity": "问题程度 Severity", "deposit": "保证金 Wage deposit", "training": "培训种类 Kinds of training", "draw": "抽取用途 Draws", "conditions": "提级条件 Conditions of escalation",
    "exclusion": "排除原因 Why something is left out", "listing": "列入事由 Grounds of a listing", "removal": "移出方式 Removals",
    "subject": "惩戒对象 Subjects", "measure": "惩戒措施 Measures", "standing": "其他记录状态 Status of other records", "tier": "包抓层级 Tiers",
}  # fmt: skip


def glossary() -> str:
    return page(
        "Glossary",
        "The words of the office, as code, Chinese and English. A code means the same in events, in the API, in SQL and on the "
        "terminal. A word of another group stands there and is not repeated.",
        *(
            f"## {GROUPS.get(group, group)}\n\n"
            + table(("code", "zh", "en"), ((code(name), *pair) for name, pair in words.items()))
            for group, words in WORDS.items()
        ),
    )


# The actions


def actions() -> str:
    return page(
        "Actions",
        "What can be recorded on a case: `POST /api/cases/{id}/<action>` with the fields as JSON. How to ask is in "
        "[api.md](api.md). An asterisk marks a field that must be there. Each action may be refused; see "
        "[refusals.md](refusals.md).",
        *(action(name, event) for name, event in Case.actions.items()),
    )


def mechanisms() -> str:
    return page(
        "The other records",
        "Projects, campaigns, inspections, employers, trainings and draws are records of their own, in the same manner as cases: "
        "POST to the sort opens one, `POST /api/<sort>/{id}/<action>` acts on it, GET reads it back as it stands or as it stood, "
        "with `/history` and `/clocks`. The rulebook is one record for the whole city.",
        *(
            part
            for sort, record in RECORDS.items()
            if sort in (*PLURALS, "rulebook")
            for part in record_part(sort, record)
        ),
    )


def record_part(sort: str, record: type[Record]) -> Iterator[str]:
    """What can happen to a sort of record, and each of its actions."""
    plural = PLURALS.get(sort, (sort, ""))[0]
    yield f"# {' '.join(both(f'record_{sort}'))}"
    yield "\n\n".join(part.strip() for part in (sys.modules[record.__module__].__doc__ or "").split("\n\n"))
    yield table(
        ("event", "zh", "after all of", "after one of", "never after", "once"),
        (
            (code(event.__name__), word(f"done_{sort_of(event)}"), plain(rule.after), plain(rule.after_any), plain(rule.never_after),
             "yes" if rule.once else "")
            for event, rule in record.lifecycle.items()
        ),
    )  # fmt: skip
    first = next(iter(record.lifecycle))
    for name, event in record.actions.items():
        opens = event is first and sort != "rulebook"
        path = f"POST /api/{plural}" if opens or sort == "rulebook" else f"POST /api/{plural}/{{id}}"
        path += "" if opens else f"/{name}"
        does_it = " ".join((getattr(record, record.methods[name]).__doc__ or "").split())
        yield action(name, event, path=path, power=f"{sort}.{name}", said=does_it, level="##")


def plain(events: Iterable[type[Event]]) -> str:
    return code(*sorted(event.__name__ for event in events))


def action(name: str, event: type[Event], *, path: str = "", power: str = "", said: str = "", level: str = "##") -> str:
    """One action: what it does, who may, what it takes."""
    path = path or ("POST /api/cases" if name == "receive" else f"POST /api/cases/{{id}}/{name}")
    declared = shapes.request_body(event)().fields.items()
    rows: list[tuple[str, str, str]] = [
        (code(field) + (" *" if kind.required else ""), *shape(kind)) for field, kind in declared
    ]
    if event is CaseAttached:
        rows.append(("`file` *", "file", "as `multipart/form-data`, up to 20 MiB"))
    added = sorted(event.COMPUTED)
    parts = [
        f"{level} {name}",
        said or does(name),
        f"`{path}` records `{event.__name__}`. May: {code(*(role for role in ROLES if (power or name) in POWERS[role]))}.",
        table(("field", "type", "values"), rows),
    ]
    if added:
        parts.append(f"Not taken from the asker: {code(*added)}. The office works them out, or old papers give them.")
    return "\n\n".join(parts)


def does(name: str) -> str:
    """What an action does, as its method says."""
    return " ".join((getattr(Case, Case.methods[name]).__doc__ or "").split())


def shape(kind: fields.Field[Any]) -> tuple[str, str]:
    """The type of a field and what it may hold."""
    match kind:
        case fields.List(inner=inner):
            of, values = shape(inner)
            return f"list of {of}", values
        case fields.Nested():
            within = sorted(kind.schema.fields.items())
            return "object", ", ".join(code(name) + (" *" if each.required else "") for name, each in within)
    named_so = next((words for sort, words in _SHAPES.items() if isinstance(kind, sort)), "text")
    return named_so, "; ".join(filter(None, map(limits, kind.validators)))


_SHAPES: dict[type[Any], str] = {
    shapes.Money: "money", shapes.Day: "day", shapes.Count: "whole number", shapes.Truth: "true or false",
    fields.UUID: "UUID", shapes.Scalar: "text, number or boolean",
}  # fmt: skip


def limits(check: object) -> str:
    match check:
        case validate.OneOf(choices=choices):
            return code(*choices)
        case validate.Regexp(regex=regex):
            return code(regex.pattern)
        case validate.Range(min=least, max=most):
            return f"{least} to {most}"
        case validate.Length(max=int(most)):
            return f"at most {most} characters"
    return ""


def action_table() -> str:
    rows = ((f"[{name}](actions.md#{name})", word(f"done_{sort_of(event)}"), code(event.__name__), does(name)) for name, event in Case.actions.items())  # fmt: skip
    return table(("action", "zh", "event", "does"), rows)


# The refusals


def refusals() -> str:
    found = sorted(kinds(Refused), key=lambda kind: (kind.malformed, urn(kind)))
    return page(
        "Refusals",
        "What the office will not record, and how it says so: one class for each rule, its docstring is the sentence. 409 is a "
        "refusal of the law; 422 is a fact that is not well formed. What the API itself refuses is in [api.md](api.md).",
        table(
            ("type", "status", "zh", "en"),
            ((code(urn(kind)), 422 if kind.malformed else 409, said(kind, "zh"), said(kind, "en")) for kind in found),
        ),
    )


def kinds(kind: type[Refused]) -> set[type[Refused]]:
    """Every kind of refusal below one, of the law."""
    below = {each for each in kind.__subclasses__() if each.__module__.startswith(("domain.", "application."))}
    return below | {further for each in below for further in kinds(each)}


def said(kind: type, lang: str) -> str:
    return template(kind, lang)


def urn(kind: type[Refused]) -> str:
    return f"urn:qingxin:{kind.__new__(kind).code.replace('_', '-')}"


# The clocks


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


# Who may what


def powers() -> str:
    roles = {role: word(role, "zh", "role") for role in ROLES}
    rows = [
        (code(act), word(f"done_{sort_of(event)}"), *(_mark(act in POWERS[role]) for role in roles))
        for act, event in Case.actions.items()
    ]
    rows += [
        (code(f"{sort}.{act}"), word(act, "zh", "action"), *(_mark(f"{sort}.{act}" in POWERS[role]) for role in roles))
        for sort, record in RECORDS.items() if sort != "case" for act in record.actions
    ]  # fmt: skip
    rows += [(code(read), "*reads*", *(_mark(role in READS[read]) for role in roles)) for read in READS]
    return table(("act", "zh", *roles.values()), rows)


def role_table() -> str:
    return table(
        ("role", "zh", "en"), ((code(role), word(role, "zh", "role"), word(role, "en", "role")) for role in ROLES)
    )


def _mark(yes: bool) -> str:
    return "●" if yes else ""


# Writing

PAGES: dict[str, Callable[[], str]] = {
    "lifecycle.md": lifecycle, "glossary.md": glossary, "actions.md": actions, "refusals.md": refusals, "clocks.md": clocks,
    "records.md": mechanisms, "rules.md": rules, "papers.md": papers,
}  # fmt: skip
TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("api.md", "actions"): action_table,
    ("security.md", "roles"): role_table,
    ("security.md", "powers"): powers,
}


def made() -> dict[Path, str]:
    """Every page as it should be."""
    found = {DOCS / name: write() for name, write in PAGES.items()}
    for (name, mark), write in TABLES.items():
        text = found.get(DOCS / name) or (DOCS / name).read_text("utf-8")
        found[DOCS / name] = put(text, mark, write())
    return found


def put(text: str, mark: str, between: str) -> str:
    """A page with a table put between its marks.  Raises ``ValueError`` where there are none."""
    begin, end = f"<!-- docs/make.py: {mark} -->", "<!-- end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has no marks for {mark}")
    return f"{before}{begin}\n\n{between}\n\n{end}{after}"


def differing() -> list[Path]:
    """The pages that are not as they should be."""
    return [path for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text]


def main(arguments: Sequence[str]) -> int:
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/make.py [--check]\n")
        return 2
    differ = differing()
    for path in differ:
        sys.stdout.write(f"{'differs' if arguments else 'written'}: {path.relative_to(DOCS.parent)}\n")
        if not arguments:
            path.write_text(made()[path], "utf-8")
    return int(bool(arguments and differ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
