"""Warning and training (警示教育): the first lesson at a project's start, platform training, typical cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from domain import codes
from domain.dated import Dated
from domain.event import Attachment, Correction, Event, Note, Revocation
from domain.facts import Count, Division, Employer, Name, Officers
from domain.record import records, step
from domain.refused import Refused


class TrainingHeld(Event, frozen=True, kw_only=True):
    """{by}开展{kind}“{topic}”:参加{attendance}人,发放资料{leaflets}份,咨询{consultations}人次[,资料{materials}]。

    {by} held {kind} "{topic}": {attendance} attended, {leaflets} leaflets handed out, {consultations} consultations given[,
    materials {materials}].
    """

    PERSONS: ClassVar[str] = "attendance"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"number"})
    WORD, OPENS = "held", True

    kind: codes.TrainingKind
    topic: Name
    division: Division
    attendance: Count
    leaflets: Count
    consultations: Count
    projects: tuple[UUID, ...] = ()
    employers: tuple[Employer, ...] = ()
    team: Officers = ()
    materials: Officers = ()
    place: Name | None = None
    industry: codes.Industry | None = None
    number: Name | None = None

    def apply(self, training: Training) -> None:
        training.division, training.industry = self.division, self.industry
        training.kind, training.topic, training.number, training.held_on = self.kind, self.topic, self.number, self.on
        training.attendance, training.leaflets, training.consultations = (
            self.attendance,
            self.leaflets,
            self.consultations,
        )
        training.projects, training.employers = list(self.projects), list(self.employers)
        training.materials, training.place = self.materials, self.place
        training.offices.update({self.office, *self.team})


class TrainingNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class TrainingAttached(Attachment, frozen=True, kw_only=True):
    __doc__ = Attachment.__doc__


class TrainingCorrected(Correction, frozen=True, kw_only=True):
    __doc__ = Correction.__doc__
    KIND: ClassVar[str | None] = "field"


class TrainingRevoked(Revocation, frozen=True, kw_only=True):
    """{by}撤销整场培训记录:{reason}(批准人{approved_by})。

    {by} revoked entry {version} of the training: {reason} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "reason"


class NobodyTrained(Refused):
    """请填写培训的项目或用人单位;典型案例宣传和政策宣贯除外。

    Name the projects or the employers trained; only publicity and policy sessions go without.
    """


class TrainedTwice(Refused):
    """项目{project}重复填写。

    The project {project} is listed twice.
    """

    malformed = True


@dataclass
class Training(Dated, keeping=(TrainingNoted, TrainingCorrected, TrainingRevoked, TrainingAttached)):
    """One session."""

    revocable = True
    lifecycle = {
        TrainingHeld: step(once=True),
    }

    number: str | None = None
    kind: str | None = None
    topic: str | None = None
    held_on: str | None = None
    attendance: int | None = None
    leaflets: int | None = None
    consultations: int | None = None
    projects: list[UUID] = field(default_factory=list)
    employers: list[Employer] = field(default_factory=list)
    materials: tuple[str, ...] = ()
    place: str | None = None

    SHOWN: ClassVar[tuple[str, ...]] = (
        "kind", "topic", "held_on", "attendance", "leaflets", "consultations", "projects", "employers", "materials", "place",
    )  # fmt: skip

    @property
    def title(self) -> str:
        return self.topic or ""

    @records(TrainingHeld)
    def hold(self, *, kind: str, projects: Any = (), employers: Any = (), **facts: Any) -> None:
        """Record a session: who was trained, what was handed out, who asked (培训)."""
        for employer in employers:
            self._employer_code(employer, "employers")
        listed = [str(project) for project in projects]
        if twice := next((project for nth, project in enumerate(listed) if project in listed[:nth]), None):
            raise TrainedTwice(at="projects", project=twice)
        if kind in ("first_lesson", "platform") and not projects and not employers:
            self.doubt(NobodyTrained(at="projects"))
