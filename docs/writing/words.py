"""The words of the office: the glossary, and the sentences of refusals."""

from __future__ import annotations

import application.screening  # noqa: F401  its refusals stand on the page of refusals
import domain.rules.deposit  # noqa: F401
from domain.refused import Refused
from domain.words import WORDS, template
from writing.markdown import code, page, table

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
