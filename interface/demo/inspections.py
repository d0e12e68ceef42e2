"""The inspections of the demo city outside cases: two campaigns, every rung of the ladder, seven orders on the spot (四不两直)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.campaign import Campaign
from domain.case import Case
from domain.inspection import Inspection
from interface.demo.book import Book
from interface.demo.city import BY_CASES, CITY, COUNTIES, DAYS, INSPECTED, Firm, firms, later, officer, team
from interface.demo.projects import FAULTS, filled_in

AGAIN = 20  # firms that a clue had inspected already
GENERAL, DEFECT, MALICE = FAULTS[:1], FAULTS[3:4], (("ACC-4", "M", "欠薪期间挪用专户资金"),)
ORDERED = 7
ROUTINE = ("routine", "four_no_two_direct", "special_campaign", "desk", "onsite")


def plan_campaigns(book: Book) -> list[Campaign]:
    """The campaign of the winter, ended; and that of the spring, still going on."""
    offices = tuple(f"{CITY}-{kind}" for kind in ("hrss", "housing", "transport", "water"))
    plans = (
        ("冬季攻坚行动", "2025-01-02", "2025-01-27", "农民工工资专用账户、总包代发、实名制、工资保证金"),
        ("春季复工项目“四不两直”督查", "2025-03-03", "2025-04-30", "复工项目制度落实"),
    )
    campaigns: list[Campaign] = []
    for name, since, until, focus in plans:
        campaign = book.record(Campaign, name)
        book.act(campaign, "plan", officer("supervisor", CITY), since, name=name, division=CITY, team=offices, focus=focus,
                 since=date.fromisoformat(since), until=date.fromisoformat(until), number=f"{CITY}-2025-HD{len(campaigns) + 1:04d}")  # fmt: skip
        campaigns.append(campaign)
    book.act(campaigns[0], "end", officer("supervisor", CITY), "2025-01-27", summary="问题已分级处置,转入春季督查")
    return campaigns


class Inspections:
    """The inspections outside cases, numbered as they are made."""

    def __init__(self, book: Book, campaigns: Sequence[Campaign]):
        self.book, self.campaigns, self.made = book, campaigns, 0

    def make(self, firm: Firm, on: str, found: Sequence[tuple[str, str, str]] = (), **facts: Any) -> Inspection:
        self.made += 1
        inspection = self.book.record(Inspection, self.made)
        kind = facts.pop("kind", ROUTINE[self.made % len(ROUTINE)])
        self.book.act(
            inspection, "make", officer("inspector_lead", firm.division), on, kind=kind, employer=firm.employer, division=firm.division,
            industry=firm.industry, inspectors=team(firm.division), results=filled_in(found), workers_interviewed=3 + self.made % 9,
            campaign=self._campaign(on) if kind == "special_campaign" or "draw" in facts else None,
            finding="发现问题" if found else "未发现问题", number=f"{firm.division}-2025-JD{self.made:04d}", **facts,
        )  # fmt: skip
        return inspection

    def _campaign(self, on: str) -> UUID | None:
        """The campaign that was going on that day."""
        return next((c.id for c in self.campaigns if c.since and c.until and str(c.since) <= on <= str(c.until)), None)

    def of_the_others(self, chance: random.Random) -> None:
        """The firms that no clue was about, and some that were inspected before."""
        again = [firm for firm in firms()[:BY_CASES] if firm.industry != "other"][:AGAIN]
        for nth, firm in enumerate([*firms()[BY_CASES:INSPECTED], *again]):
            at = chance.randrange(len(DAYS) - 14)
            match nth % 10:
                case 0 | 4 | 7:
                    self._warned(self.make(firm, DAYS[at], GENERAL), at, mended=nth % 10 != 7)
                case 2 | 8:
                    self._summoned(self.make(firm, DAYS[at], DEFECT), at, nth)
                case _:
                    self.make(firm, DAYS[at])
        self._ordered(chance)
        self._punished(self.make(firms()[BY_CASES + 1], DAYS[30], MALICE, arrears_persons=9, arrears_amount="86400.00"))

    def from_findings(self, cases: Iterable[Case]) -> None:
        """An inspection whose finding opened a case."""
        for case in cases:
            firm = next(firm for firm in firms() if case.employer and firm.name == case.employer.name)
            on = str(case.received_on)
            inspection = self.make(firm, on, GENERAL, kind="four_no_two_direct", arrears_persons=case.persons_claimed)
            self._do(inspection, "link", on, to=case.id, reason="检查发现拖欠工资,登记线索")

    def _warned(self, inspection: Inspection, at: int, *, mended: bool) -> None:
        self._do(
            inspection, "warn", DAYS[at], text="限期补齐维权告示牌", owner="项目经理部", due_on=later(DAYS[at], 12)
        )
        if mended:
            self._do(inspection, "mend", DAYS[at + 7], finding="已按要求整改")

    def _summoned(self, inspection: Inspection, at: int, nth: int) -> None:
        self._do(inspection, "summon", DAYS[at + 2], who="项目负责人", minutes="说明问题、明确责任,要求补齐实名登记", promise="十日内整改",
                 due_on=later(DAYS[at + 2], 10))  # fmt: skip
        if nth % 20 < 10:
            self._do(inspection, "mend", DAYS[at + 9], finding="实名登记已补齐")

    def _ordered(self, chance: random.Random) -> None:
        """The seven orders given on the spot."""
        for nth, firm in enumerate(firms()[BY_CASES + 10 : BY_CASES + 10 + ORDERED]):
            at = 4 + chance.randrange(len(DAYS) - 20)
            inspection = self.make(firm, DAYS[at], DEFECT, kind="four_no_two_direct")
            short = COUNTIES[firm.division].short
            self._do(inspection, "order", DAYS[at], document_no=f"{short}人社监令字〔2025〕第J{nth + 1:03d}号", due_on=later(DAYS[at], 7),
                     basis="保障农民工工资支付条例第五十五条")  # fmt: skip
            if nth % 2 == 0:
                self._do(inspection, "mend", DAYS[at + 6], finding="已在限期内改正")

    def _punished(self, inspection: Inspection) -> None:
        self._do(
            inspection, "summon", DAYS[32], who="企业负责人", minutes="责令立即归还专户资金", due_on=later(DAYS[32], 10)
        )
        self.book.act(
            inspection, "punish", officer("office_head", CITY), DAYS[44], measures=("penalty", "restrict_projects"),
            team=(f"{CITY}-housing", f"{CITY}-ndrc"), approved_by="office.2", document_no="天人社联惩〔2025〕1号",
        )  # fmt: skip

    def _do(self, inspection: Inspection, action: str, on: str, **facts: Any) -> None:
        self.book.act(inspection, action, officer("inspector_lead", inspection.division), on, **facts)
