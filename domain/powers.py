"""Who may do what: one table, one function, for every route, list, count, export and button.

``SIGHT`` says which records an officer may know of; ``POWERS`` says which acts a role has; ``decide`` joins them.
Jurisdiction is by division (``620500`` covers its seven, ``000000`` the country), by industry for the regulators,
and by assignment for an office that was given a case.  Read ``Scope`` first: a list asks the same scope in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from domain.codes import COUNTRY
from domain.employer import EmployerListed

INSPECTING = frozenset(
    {"inspect", "order", "serve", "notify", "pay", "note", "attach", "flag", "pursue", "propose", "issue"}
)
HANDLING = INSPECTING | {
    "file", "decline", "extend", "escalate", "refer", "answer", "publicise", "list", "withdraw", "close", "return",
    "reopen", "link", "correct", "revoke", "assign", "suspend", "resume", "void",
}  # fmt: skip
COUNTER = frozenset({"receive", "assign", "return", "link", "note", "attach", "correct", "answer", "flag", "issue"})
DECIDING = frozenset({"keep"})


def _of(sort: str, *actions: str) -> frozenset[str]:
    return frozenset(f"{sort}.{action}" for action in actions)


LEDGER = _of(
    "project",
    "register",
    "change",
    "deposit",
    "screen",
    "supervise",
    "fault",
    "follow",
    "clear",
    "finish",
    "note",
    "correct",
)
SITE = (
    _of("project", "screen", "supervise", "fault", "follow", "clear", "note", "attach")
    | _of("inspection", "make", "warn", "order", "mend", "link", "note", "attach", "correct", "issue")
    | _of("training", "hold", "note", "attach", "correct")
)
CITY = (
    LEDGER
    | SITE
    | _of("project", "entrust", "revoke")
    | _of("inspection", "summon", "revoke", "void")
    | _of("campaign", "plan", "end", "note", "attach", "correct", "revoke")
    | _of("draw", "freeze", "make", "void", "note")
    | _of("training", "revoke")
)
LISTING = _of(
    "employer", "register", "notify", "object", "answer", "extend", "spare", "list", "ask_removal", "delist", "publicise", "note",
    "correct", "revoke", "issue", "void",
)  # fmt: skip
HEAD = (
    CITY
    | LISTING
    | _of("inspection", "punish")
    | _of("period", "close", "note")
    | _of("rulebook", "decide", "load", "amend", "note")
)

POWERS: dict[str, frozenset[str]] = {
    "intake": COUNTER,
    "dispatcher": COUNTER | {"escalate", "reopen"},
    "inspector_lead": HANDLING | {"receive"} | LEDGER | CITY | LISTING,
    "inspector_second": INSPECTING | SITE,
    "legal_reviewer": frozenset({"note", "attach"}),
    "body_head": HANDLING | {"receive"} | DECIDING | HEAD,
    "office_head": HANDLING | {"receive"} | DECIDING | HEAD,
    "lead_cadre": frozenset({"assign", "note", "attach"}) | DECIDING,
    "supervisor": frozenset({
        "receive", "assign", "escalate", "refer", "publicise", "reopen", "link", "note", "attach", "revisit", "flag", "propose",
        "pursue", "issue",
    }) | DECIDING | CITY,
    "revisit_officer": frozenset({"revisit", "reopen", "note", "attach", "correct", "issue"}) | _of("draw", "freeze", "make", "note"),
    "project_keeper": frozenset({"receive", "note", "attach"}) | LEDGER | _of("project", "entrust") | _of("training", "hold", "note", "attach"),
    "auditor": frozenset(),
}  # fmt: skip
"""The acts each role may record.  The auditor reads and writes nothing."""
POWERS |= {role: acts | {f"number.{taken}" for act, taken in (("issue", "take"), ("void", "void"))
                         if any(each.rpartition(".")[2] == act and not each.startswith("draw.") for each in acts)}
           for role, acts in POWERS.items()}  # fmt: skip
"""Whoever makes a paper out, or void, writes in the register of its number."""

READS: dict[str, frozenset[str]] = {
    "read": frozenset(POWERS),
    "reports": frozenset(POWERS),
    "oversight": frozenset({"auditor", "office_head", "supervisor"}),
    "duplicates": frozenset({
        "intake", "dispatcher", "inspector_lead", "inspector_second", "body_head", "office_head", "supervisor", "auditor",
    }),
    "journal": frozenset({"auditor"}),
    "contact": frozenset({
        "intake", "dispatcher", "inspector_lead", "inspector_second", "body_head", "office_head", "revisit_officer", "auditor",
    }),
    "informant": frozenset({"intake", "inspector_lead"}),
}  # fmt: skip
"""Who may read what.  An informant's (举报人) identity is only for intake and the lead inspector (国令423 art. 9)."""

LABOUR = frozenset({"hrss", "county_hrss", "city_hrss", "rights_centre", "task_force", "discipline"})
REGULATORS = {"housing", "transport", "water", "energy", "agriculture"}


OPENING = frozenset({
    "receive", "project.register", "campaign.plan", "inspection.make", "employer.register", "training.hold", "draw.freeze",
    "period.close",
})  # fmt: skip
"""The acts that open a record: they need the record's division to be the officer's own, not the record to be in sight."""

SHARED = frozenset({"employer", "rulebook"})
"""Records that everyone in the city may look up: what an employer did in one county concerns the others.

Who enforces decides the listing (谁执法、谁认定), so any labour office may act on an employer's file.
"""


@dataclass(frozen=True)
class Actor:
    """Who asks: an officer, in a role, at an office, with a division to answer for."""

    officer: str
    role: str
    office: str
    division: str

    @property
    def kind(self) -> str:
        """The kind of office: ``620500-housing`` -> ``housing``."""
        return self.office.partition("-")[2]

    @property
    def keeps_the_rules(self) -> bool:
        """Whether the officer's office decides for the whole city what the law leaves open."""
        return self.kind in LABOUR - {"discipline"} and len(covered(self.division)) <= len("6205")

    @property
    def confidant(self) -> bool:
        """Whether the officer may know of what was referred to discipline inspection about an official."""
        return self.role == "auditor" or self.kind == "discipline"

    @cached_property
    def scope(self) -> Scope:
        """Which records this officer may know of."""
        everywhere = self.kind in LABOUR or self.role == "auditor"
        industry = self.kind if self.kind in REGULATORS else None
        return Scope(
            offices=(self.office,),
            divisions=covered(self.division) if everywhere or industry else None,
            industry=None if everywhere else industry,
        )


class Placed(Protocol):
    """What jurisdiction asks of a record."""

    @property
    def division(self) -> str: ...
    @property
    def industry(self) -> str | None: ...
    @property
    def offices(self) -> set[str]: ...


@dataclass(frozen=True)
class Scope:
    """The records within sight: given to one of the offices; or in the division, and of the industry if one is named.

    ``divisions`` is the prefix every covered division begins with, or None for none at all.
    """

    offices: tuple[str, ...]
    divisions: str | None
    industry: str | None

    def covers(self, record: Placed) -> bool:
        if set(self.offices) & record.offices:
            return True
        if self.divisions is None or not record.division.startswith(self.divisions):
            return False
        return self.industry is None or record.industry == self.industry


EVERYTHING = Scope(offices=(), divisions="", industry=None)
"""For the commands of whoever keeps the office: everything is in sight."""


@dataclass(frozen=True)
class Place:
    """Where a record would stand that does not exist yet, or that only a line in a list tells of."""

    division: str
    industry: str | None = None
    offices: set[str] = field(default_factory=set)
    informant: bool = False


@dataclass(frozen=True)
class Decision:
    """Yes; or no, with the reason in both languages; and whether the asker may even know the record exists."""

    allowed: bool
    zh: str = ""
    en: str = ""
    visible: bool = True

    def reason(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


YES = Decision(True)


def covered(division: str) -> str:
    """The prefix of all the divisions one answers for: a province ``62``, a city ``6205``, a county itself."""
    if division == COUNTRY:
        return ""
    if division.endswith("0000"):
        return division[:2]
    return division[:4] if division.endswith("00") else division


def decide(actor: Actor, action: str, record: Placed | None = None) -> Decision:
    """Whether an actor may do an action, on a record or in general.

    ``action`` is an act of ``POWERS`` or a reading of ``READS``; the answer holds for routes, lists and buttons alike.
    """
    if record is not None and action not in OPENING and not _known(actor, action, record):
        if action.partition(".")[0] in SHARED:
            return Decision(
                False,
                "该档案由人社部门办理,您可以查阅。",
                "The labour offices act on this file; you may read it.",
            )
        return Decision(False, "没有这个案件。", "There is no such case.", visible=False)
    if action in READS:
        allowed = actor.role in READS[action]
        if action == "contact" and getattr(record, "informant", False):
            allowed = actor.role in READS["informant"]
    elif action.partition(".")[2] == "read":
        allowed = True
    else:
        allowed = action in POWERS.get(actor.role, frozenset())
    if not allowed:
        return Decision(
            False,
            f"您的角色({actor.role})无权办理此事项({action})。",
            f"Your role ({actor.role}) may not do this ({action}).",
        )
    if action.startswith("rulebook.") and action != "rulebook.read" and not actor.keeps_the_rules:
        return Decision(
            False,
            "规则簿由市级人社部门确定。",
            "The rulebook is for the city's labour office to decide.",
        )
    if action in OPENING - {"receive"} and actor.scope.divisions is None:
        return Decision(
            False,
            f"贵单位({actor.office})不登记此类事项;由人社部门和行业主管部门登记。",
            f"Your office ({actor.office}) does not register this; the labour offices and the regulators do.",
        )
    if action == "employer.delist" and not _may_delist(actor, record):
        return Decision(
            False,
            "移出由作出列入决定的机关或市级人社部门办理。",
            "The office that decided the listing, or the city's labour office, removes it.",
        )
    if action in OPENING and record is not None and not record.division.startswith(covered(actor.division)):
        return Decision(
            False,
            f"您只能登记本辖区({actor.division})的事项,不能登记{record.division}的。",
            f"You may register what belongs to your own division ({actor.division}) only, not to {record.division}.",
        )
    industry = actor.scope.industry
    if action in OPENING - {"receive"} and record is not None and industry and record.industry not in (None, industry):
        return Decision(
            False,
            f"您只能登记本行业({industry})的事项。",
            f"You may register what belongs to your own industry ({industry}) only.",
        )
    return YES


def _known(actor: Actor, action: str, record: Placed) -> bool:
    """Whether the officer may know of a record: within sight, or of a sort that the whole city shares."""
    sort, _, act = action.partition(".")
    shared = sort in SHARED and (act == "read" or (sort == "employer" and actor.kind in LABOUR))
    return shared or actor.scope.covers(record)


def _may_delist(actor: Actor, record: Placed | None) -> bool:
    """Whether the officer's office put the employer on the list, as its file says, or decides for the city."""
    entries = reversed(getattr(record, "entries", ()))
    listed_by = next((entry.event.office for entry in entries if isinstance(entry.event, EmployerListed)), actor.office)
    return actor.keeps_the_rules or actor.office == listed_by
