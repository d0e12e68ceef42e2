"""The sanction list of the demo city: who let an order run out, and what became of it (失信联合惩戒名单)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.office import employer_id
from domain.case import Case
from domain.employer import Employer
from interface.demo.book import Book
from interface.demo.city import DAYS, officer

SUBJECTS = ("unit", "legal_representative")


def list_employers(book: Book, cases: Sequence[Case]) -> None:
    """Employers who let an order run out: two are listed and published, one is spared, one has only been told."""
    for nth, case in enumerate(cases, start=1):
        assert case.employer is not None
        assert case.due_on is not None
        due = case.due_on.isoformat()
        _List(
            book, case, book.record(Employer, employer_id(case.employer)), nth, [day for day in DAYS if day > due]
        ).tell()


@dataclass
class _List:
    """What became of one of them, on the working days since the order's term ran out."""

    book: Book
    case: Case
    firm: Employer
    nth: int
    days: Sequence[str]

    def tell(self) -> None:
        self._notified()
        if self.nth == 1:
            self._do("object", 3, reason="称工程款未到位")
            self._do("answer", 6, result="异议不成立:工程款不影响工资支付", document_no="天人社列复字〔2025〕第0001号")
        if self.nth <= 2:
            self._listed()
        if self.nth == 3:
            self._do("spare", 12, role="office_head", reason="经复核,群体性事件与该单位无关", approved_by="office.2")

    def _notified(self) -> None:
        employer = self.case.employer
        assert employer is not None
        self._do("register", 0, employer={"name": employer.name, "uscc": employer.uscc}, division=self.case.division)
        self._do("notify", 0, ground="mass_incident", document_no=f"天人社列告字〔2025〕第{self.nth:04d}号", subjects=SUBJECTS,
                 order_due_on=self.case.due_on, amount=self.case.balance, case=self.case.id)  # fmt: skip

    def _listed(self) -> None:
        paper = f"天人社列决字〔2025〕第{self.nth:04d}号"
        self._do("list", 15, role="office_head", document_no=paper, subjects=SUBJECTS, basis="人社部令第45号第五条", approved_by="office.2",
                 case=self.case.id)  # fmt: skip
        lead = officer("inspector_lead", self.case.division)
        self.book.act(self.case, "list", lead, self.days[15], list="拖欠农民工工资失信联合惩戒对象名单", document_no=paper,
                      subjects=len(SUBJECTS), term_years=3)  # fmt: skip
        self._do("publicise", 17, role="office_head", level="city", channel="信用中国(甘肃天水)演示")

    def _do(self, action: str, day: int, /, *, role: str = "inspector_lead", **facts: Any) -> None:
        actor = officer(role, self.case.division)
        self.book.act(self.firm, action, actor, self.days[day], **facts)
