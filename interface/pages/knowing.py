"""What a form can know before the officer types: the day, the officers and offices there are, the papers and clocks of the record.

All of it is offered, none of it decided: the API says whether it will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import g, request

from application import accounts
from application.office import today
from application.regions import counties
from domain.amending import correctable
from domain.codes import OFFICE_KINDS
from domain.event import facts_of
from domain.powers import LABOUR, REGULATORS
from domain.record import Record
from domain.records import RECORDS
from domain.rules.checklist import ITEMS
from domain.rules.extending import EXTENDABLE
from domain.rules.papers import NUMBERED, PAPERS
from domain.vocabulary import EVENTS
from domain.words import WORDS, label
from interface.api import shapes
from interface.api.asking import office, views
from interface.api.records import PLURALS
from interface.pages import references
from interface.pages.counter import ask, read
from interface.pages.forms import Choices, Hints
from interface.pages.frame import in_names, lang, office_name, worded
from projections import desk

OFFICERS = ("approved_by", "officers", "inspectors", "officer", "owner")
OFFICES = ("to_office", "proposed_office", "office_of", "team", "owner")
COUNTY_KINDS = ("hrss", "housing", "transport", "water", "police")
CITY_KINDS = tuple(
    sorted((LABOUR | REGULATORS | {"police", "justice", "court"}) & set(OFFICE_KINDS) - {"county_hrss", "city_hrss"})
)


def hints(sort: str, record: Mapping[str, Any], action: str) -> Hints:
    """What the form of an action on a record can offer."""
    path = f"/api/{'cases' if sort == 'case' else PLURALS[sort][0]}/{record['id']}"
    values: dict[str, Any] = {"on": today().isoformat(), **_values(sort, record, action), **request.args.to_dict()}
    suggestions: dict[str, Choices] = {name: officers() for name in OFFICERS}
    suggestions |= {name: offices(record["division"]) for name in OFFICES}
    choices: dict[str, Choices] = {}
    if action in ("correct", "revoke"):
        entries = [e for e in read(f"{path}/history") if not e["event"].endswith(("Corrected", "Revoked"))]
        choices["version"] = [
            (str(e["version"]), f"{e['version']} · {e['on'] or '?'} · {in_names(e['sentence'])[:60]}") for e in entries
        ]
        choices["field"] = _facts({e["event"] for e in entries})
    if action == "pay":
        choices["payer_kind"] = [(code, worded(code, "payer_kind")) for code in WORDS["payer_kind"]]
    if action in ("extend", "suspend", "resume"):
        clocks = [
            c for c in read(f"{path}/clocks") if not c["stopped"] and (action != "extend" or c["clock"] in EXTENDABLE)
        ]
        choices["clock"] = [
            (c["clock"], f"{c['clock']} {c['name']} → {c['extended'] or c['due'] or '?'}") for c in clocks
        ]
    if action == "serve":
        suggestions["document_no"] = _papers(path)
    if action in ("issue", "void") and "issue" in RECORDS[sort].actions:
        choices |= _made_out(read(f"{path}/papers"), action)
    if action == "link" and sort == "case":
        found = ask("GET", f"{path}/duplicates")
        suggestions["to"] = _candidates(found.body) if found.ok else ()
    schema = shapes.request_body(RECORDS[sort].actions[action])
    return Hints(choices, {**suggestions, **references.suggestions(schema)}, references.in_numbers(schema, values))


def _values(sort: str, record: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What is filled in already: what the record says, and the officer at hand."""
    me = g.actor.officer
    if sort == "case" and action == "order":
        return {
            "respondents": record["employer"]["name"], "persons": _text(record["persons_confirmed"]),
            "amount": _text(record["balance"] or record["confirmed"]),
        }  # fmt: skip
    values: dict[str, Any] = {"results": checklist_lines()} if action in ("supervise", "make") else {}
    if action in ("file", "inspect", "supervise") and g.actor.role.startswith("inspector"):
        values["inspectors"] = me
    return values


def checklist_lines() -> list[dict[str, str]]:
    """The items of the site checklist, a line each, to be filled in."""
    return [{"item": code} for code in ITEMS]


def officers() -> Choices:
    """The officers who have an account in the officer's own division, with their roles."""
    with office().datastore.get_connection() as connection:
        found = accounts.listed(connection)
    return [
        (account.officer, worded(account.role, "role"))
        for account in found
        if account.division[:4] == g.actor.division[:4] and account.disabled_at is None
    ]


def offices(division: str) -> Choices:
    """The offices of the city a record lies in: the city's own, and those of its counties."""
    city = f"{division[:4]}00"
    codes = [f"{city}-{kind}" for kind in CITY_KINDS]
    codes += [f"{county}-{kind}" for county in counties(city) for kind in COUNTY_KINDS]
    return [(code, office_name(code)) for code in codes]


def office_of(text: str) -> str:
    """The code of an office that is called so; a code stays as it is."""
    named = {name: code for code, name in offices(g.actor.division)}
    return named.get(text, text)


def does(sort: type[Record], action: str) -> str:
    """What an action does, in the words of its method: English, with the Chinese term in brackets."""
    said = (getattr(sort, sort.methods[action]).__doc__ or "").strip().partition("\n")[0]
    return said if lang() == "en" else said.partition("(")[2].partition(")")[0]


class Papered(NamedTuple):
    """With which entries of an action a paper can be made out: those whose fact ``told_by`` is one of ``kinds``, or all."""

    told_by: str | None
    kinds: tuple[str, ...]


def paper_of(sort: str, action: str) -> Papered | None:
    """With which of its entries a paper can be made out; None where there is no paper."""
    event = RECORDS[sort].actions[action]
    puts = [put for sheet in PAPERS.values() for put in sheet.puts if put.event == event.__name__]
    if "issue" not in RECORDS[sort].actions or not puts:
        return None
    some = all(put.kind for put in puts)
    return Papered(event.kind_fact(), tuple(dict.fromkeys(kind for put in puts for kind in put.kind)) if some else ())


def needs_number(sort: type[Record], action: str) -> bool:
    """Whether an entry is hardly ever made without a number: the office then offers to take the next."""
    event = sort.actions[action]
    return event.__name__ in NUMBERED and (
        action == "order" or any(f.name == "document_no" and f.required for f in facts_of(event))
    )


def _facts(events: Iterable[str]) -> Choices:
    """The facts that may be put right, of the events there are."""
    found: dict[str, str] = {}
    for name in events:
        for fact in correctable(EVENTS[name]):
            found.setdefault(fact, label(fact, lang(), name))
    return sorted(found.items(), key=lambda pair: pair[1])


def _papers(path: str) -> Choices:
    """The papers of a record that have a number."""
    numbered = [
        e for e in read(f"{path}/history") if e["data"].get("document_no") and not e["event"].endswith("Served")
    ]
    return [(e["data"]["document_no"], in_names(e["sentence"])[:60]) for e in numbered]


def _made_out(papers: Mapping[str, Any], action: str) -> dict[str, Choices]:
    """The papers that can be made out, or those whose number can be voided."""
    if action == "void":
        return {
            "document_no": [
                (one["document_no"], one["word"]) for one in papers["issued"] if one["document_no"] and not one["void"]
            ]
        }
    kinds = {one["paper"]: one["word"] for one in papers["possible"]}
    entries = {str(one["entry"]): f"{one['entry']} · {one['on'] or '?'}" for one in papers["possible"]}
    return {"paper": list(kinds.items()), "entry": list(entries.items())}


def _candidates(found: Iterable[Mapping[str, Any]]) -> Choices:
    return [
        (one["case"]["number"] or str(one["case"]["id"]), f"{one['score']} · {one['case']['employer']['name']}")
        for one in found
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def employers() -> dict[str, Choices]:
    """Employers and projects seen lately in the officer's division, to be completed from."""
    rows = desk.seen_lately(views(), g.actor.scope)
    return {
        "employer-name": [(row["employer"], row["uscc"] or "") for row in rows if row["employer"]],
        "project": [(name, "") for name in dict.fromkeys(row["project"] for row in rows) if name],
    }
