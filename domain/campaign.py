"""A campaign of unannounced inspections: which departments, when, where, and what is looked at (专项行动)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from domain import codes
from domain.dated import Dated
from domain.event import Attachment, Correction, Event, Note, Revocation, Text
from domain.facts import Division, Name, Officers
from domain.record import records, step
from domain.refused import Refused


class CampaignPlanned(Event, frozen=True, kw_only=True):
    """{by}部署专项行动“{name}”:{team}联合,{since}至{until}[,重点:{focus}]。

    {by} planned the campaign "{name}": {team} jointly, from {since} to {until}[, looking at {focus}].
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"number"})
    WORD, OPENS = "planned", True

    name: Name
    division: Division
    team: Officers
    since: date
    until: date
    focus: Text | None = None
    industry: codes.Industry | None = None
    number: Name | None = None

    def apply(self, campaign: Campaign) -> None:
        campaign.division, campaign.industry = self.division, self.industry
        campaign.name, campaign.number, campaign.team = self.name, self.number, self.team
        campaign.since, campaign.until, campaign.focus = self.since, self.until, self.focus
        campaign.offices.update({self.office, *self.team})


class CampaignEnded(Event, frozen=True, kw_only=True):
    """{by}专项行动结束:{summary}。

    {by} ended the campaign: {summary}.
    """

    WORD = "ended"

    summary: Text


class CampaignNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class CampaignAttached(Attachment, frozen=True, kw_only=True):
    __doc__ = Attachment.__doc__


class CampaignCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class CampaignRevoked(Revocation, frozen=True, kw_only=True):
    __doc__ = Revocation.__doc__
    KIND: ClassVar[str | None] = "reason"


class CampaignBackwards(Refused):
    """专项行动的截止日{until}早于开始日{since}。

    The campaign ends on {until}, before it begins on {since}.
    """

    malformed = True


@dataclass
class Campaign(Dated, keeping=(CampaignNoted, CampaignCorrected, CampaignRevoked, CampaignAttached)):
    """A campaign and its joint team."""

    revocable = True
    lifecycle = {
        CampaignPlanned: step(once=True),
        CampaignEnded: step(CampaignPlanned, once=True),
    }
    endings = frozenset({CampaignEnded})

    number: str | None = None
    name: str | None = None
    team: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    focus: str | None = None

    SHOWN: ClassVar[tuple[str, ...]] = ("name", "team", "since", "until", "focus")

    @property
    def title(self) -> str:
        return self.name or ""

    @records(CampaignPlanned)
    def plan(self, *, team: Any, since: date, until: date, **facts: Any) -> None:
        """Plan a campaign with its joint team (部署)."""
        for office in team:
            self._an_office(office, "team")
        if until < since:
            raise CampaignBackwards(at="until", since=since, until=until)

    @records(CampaignEnded)
    def end(self, **facts: Any) -> None:
        """End the campaign, with what came of it (结束)."""
