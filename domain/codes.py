"""The office's closed lists of codes; their Chinese and English words stand in ``words.toml``.

Sources: channels and kinds from the office's own forms (docs/glossary.md); divisions are GB/T 2260 codes.
"""

from __future__ import annotations

from typing import Literal, get_args

Channel = Literal[
    "national_platform", "province_platform", "hotline_12345", "petition", "public_opinion", "complaint_visit",
    "complaint_phone", "letter", "department_transfer", "superior_transfer", "inspection_find", "supervision_find",
    "self_check", "discipline_handover", "smart_call", "complaint", "unknown",
]  # fmt: skip
"""How a clue reaches the office; the last two only for old papers that say no more."""

ComplainantKind = Literal["complaint", "report", "none"]
"""投诉 (whose own rights are hurt), 举报 (an informant, whose identity is kept secret), or nobody."""

Precision = Literal["exact", "wan", "at_least", "approx"]
"""How exact a published amount is: to the fen, rounded to ten thousand yuan, a lower bound, about."""

Industry = Literal["housing", "transport", "water", "energy", "agriculture", "other"]
AssignKind = Literal["forward", "task", "reassign", "lead_cadre", "joint_team"]
InspectKind = Literal[
    "verification", "interview", "onsite", "desk", "four_no_two_direct", "bank_query", "routine", "special_campaign"
]
OrderKind = Literal[
    "rectification", "treatment_decision", "penalty_decision", "advance_clearance", "deposit_use", "fund_allocation"
]
ServiceMode = Literal["direct", "left", "post", "email_agreed", "posted", "notice", "entrusted"]
PayKind = Literal["arrears", "extra_compensation", "current"]
ReferKind = Literal["police", "discipline", "department", "jurisdiction", "court_enforcement", "arbitration"]
Outcome = Literal[
    "received", "accepted", "refused", "returned", "filed", "not_filed", "captured", "indicted", "judged", "result"
]
"""What came back from police, court, a department or discipline inspection: the receipt, the decision, the result."""

FlagKind = Literal["cross_region", "settlement_dispute", "public_opinion", "extreme_act", "mass_incident"]
FlagLevel = Literal["general", "major"]
ProposalKind = Literal["police", "escalation", "lead_cadre", "joint_team"]
PursuitKind = Literal[
    "petitioner_told", "petition_answered", "petition_review_asked", "petition_review_answered", "statement_heard",
    "hearing_asked", "hearing_noticed", "hearing_held", "demand_served", "fine_paid", "reconsideration_asked",
    "reconsideration_decided", "suit_brought", "refusal_review_asked", "procuratorate_asked", "materials_delivered",
    "reported_up", "publication_objected", "publication_answered", "summoned", "reminder",
]  # fmt: skip
"""Steps on the way that start or stop a clock and change nothing else."""

RevisitMode = Literal["visit", "phone", "follow_up", "smart_call", "periodic_check", "random_check"]
MoneyReceived = Literal["full", "partly", "none"]
Satisfaction = Literal["satisfied", "basically", "dissatisfied", "no_answer"]
Level = Literal["county", "city", "province", "nation"]

Role = Literal[
    "intake", "dispatcher", "inspector_lead", "inspector_second", "legal_reviewer", "body_head", "office_head",
    "lead_cadre", "supervisor", "revisit_officer", "project_keeper", "auditor",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)

OFFICE_KINDS = (
    "hrss", "county_hrss", "city_hrss", "rights_centre", "task_force", "housing", "transport", "water", "energy",
    "agriculture", "other", "ndrc", "finance", "police", "procuratorate", "court", "justice", "discipline",
    "petition_office", "hotline", "cyberspace", "town", "bank",
)  # fmt: skip

Severity = Literal["G", "S", "M"]
"""一般性问题, 制度性缺陷, 恶意欠薪: the ladder of disposal follows it (domain/rules/checklist.py)."""
DepositKind = Literal["stored", "guaranteed", "used", "refilled", "refunded"]
TrainingKind = Literal["first_lesson", "platform", "typical_cases", "policy"]
DrawPurpose = Literal["inspection", "revisit"]
ExclusionReason = Literal["conflict_of_interest", "recently_inspected", "ended", "under_investigation", "other"]
ListingGround = Literal["criminal_amount", "mass_incident"]
RemovalKind = Literal["early", "expiry", "revoked"]
SubjectKind = Literal["unit", "legal_representative", "responsible_person"]
Measure = Literal["sanction_list", "publication", "police", "penalty", "restrict_projects", "qualification"]

PaperKind = Literal[
    "complaint_register", "assignment_sheet", "supplement_notice", "decline_decision", "filing_approval", "withdrawal_approval", "inquiry_notice",
    "verification_report", "interview_record", "inspection_record", "extension_approval", "rectification_order",
    "clearance_notice", "deposit_notice", "funding_order", "prior_notice", "treatment_order", "penalty_order",
    "service_receipt", "demand_notice", "police_approval", "police_transfer", "transfer_letter", "enforcement_application",
    "discipline_handover", "escalation_notice", "publication_text", "listing_notice", "listing_decision", "removal_decision",
    "warning_notice", "summons_record", "closing_approval", "reopening_approval", "revisit_record",
]  # fmt: skip
"""The statutory papers 文书; what each says and rests on stands in ``domain/rules/papers.toml``."""

COUNTRY = "000000"
