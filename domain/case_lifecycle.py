"""How a case goes: what must have happened before each event, what ends a case, and how it stands.

``case.py`` asks this for every act; the facts of a case in SQL read the same steps (projections/pages/case_facts.sql).
"""

from __future__ import annotations

from domain.case_asides import (
    CaseAnswered,
    CaseAttached,
    CaseCorrected,
    CaseEscalated,
    CaseFlagged,
    CaseIssued,
    CaseKept,
    CaseLinked,
    CaseListed,
    CaseNoted,
    CaseProposed,
    CasePublicised,
    CasePursued,
    CaseReferred,
    CaseResumed,
    CaseRevoked,
    CaseSuspended,
    CaseVoided,
)
from domain.case_events import (
    CaseAssigned,
    CaseClosed,
    CaseDeclined,
    CaseExtended,
    CaseFiled,
    CaseInspected,
    CaseNotified,
    CaseOrdered,
    CasePaid,
    CaseReceived,
    CaseReopened,
    CaseReturned,
    CaseRevisited,
    CaseServed,
    CaseWithdrawn,
)
from domain.event import Event
from domain.record import Step, step

# What must have happened first

LIFECYCLE: dict[type[Event], Step] = {
    CaseReceived:   step(once=True),
    CaseAssigned:   step(CaseReceived),
    CaseReturned:   step(CaseAssigned, never_after={CaseFiled}),
    CaseDeclined:   step(CaseReceived, never_after={CaseFiled}),
    CaseFiled:      step(CaseReceived, once=True),
    CaseInspected:  step(CaseReceived),
    CaseNotified:   step(CaseFiled),
    CaseOrdered:    step(CaseReceived),
    CaseServed:     step(CaseReceived, after_any={CaseOrdered, CaseNotified, CaseDeclined}),
    CasePaid:       step(CaseReceived),
    CaseExtended:   step(CaseReceived),
    CaseEscalated:  step(CaseReceived),
    CaseReferred:   step(CaseReceived),
    CaseAnswered:   step(CaseReferred),
    CasePublicised: step(CaseOrdered),
    CaseListed:     step(CaseOrdered),
    CaseWithdrawn:  step(CaseFiled),
    CaseClosed:     step(CaseReceived),
    CaseRevisited:  step(CaseClosed),
    CaseReopened:   step(CaseReceived, after_any={CaseDeclined, CaseWithdrawn, CaseClosed}),
    CaseLinked:     step(CaseReceived),
    CaseFlagged:    step(CaseReceived),
    CaseProposed:   step(CaseReceived),
    CaseKept:       step(CaseProposed),
    CasePursued:    step(CaseReceived),
    CaseSuspended:  step(CaseReceived),
    CaseResumed:    step(CaseSuspended),
    CaseIssued:     step(CaseReceived),
    CaseVoided:     step(CaseIssued),
    CaseCorrected:  step(CaseReceived),
    CaseRevoked:    step(CaseReceived),
    CaseNoted:      step(CaseReceived),
    CaseAttached:   step(CaseReceived),
}  # fmt: skip

ENDINGS: frozenset[type[Event]] = frozenset({CaseDeclined, CaseWithdrawn, CaseClosed})

STILL_OPEN: frozenset[type[Event]] = frozenset({
    CaseServed, CaseAnswered, CasePublicised, CaseListed, CaseReopened, CaseLinked, CaseCorrected, CaseRevoked,
    CaseNoted, CaseAttached, CaseFlagged, CasePursued, CaseIssued, CaseVoided,
})  # fmt: skip
"""What may follow an ending: papers still travel, and the record is still kept in order."""

# How a case stands: the word of its weightiest step since it was last opened, the later of two equals.
# The number says both: tens are the weight, ones tell equals apart.  The facts of the case in SQL read the same numbers.

STEPS = {
    "received": 10, "reopened": 15, "assigned": 20, "verifying": 30, "filed": 40, "investigating": 50,
    "ordered": 60, "decided": 61, "referred": 62, "paid": 90, "declined": 95, "withdrawn": 96, "closed": 100,
    "revisited": 110,
}  # fmt: skip
STATUSES = (*STEPS, "overdue")
WORD_OF = {number: word for word, number in STEPS.items()}
