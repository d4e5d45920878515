"""What somebody did in a course, turned into the rows that the platform would have kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pme.assessment.models import Attempt, AttemptStatus, Decision, Reflection, Response
from pme.crowd.lives import Life, Try
from pme.crowd.rows import Ledger
from pme.progress.completion import StepKind
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind, ModuleCompletion, PageRead

ATTEMPT = (
    "enrolment_id", "person_id", "academy_id", "task", "course", "module", "slug", "version_id", "number", "status",
    "draw", "started_at", "latest_at", "handed_in_at", "finished_at", "percent", "is_passed", "level", "result",
)  # fmt: skip
THOUGHTS = (
    "I would ask first, and say what I can and cannot promise.",
    "I went too quickly. Next time I look at who else is concerned before I decide.",
    "What I knew was enough to begin; what I did not know I should have written down.",
    "I would bring in the adviser earlier.",
    "The order given and the people in front of me did not fit together. I would have asked back sooner.",
    "I chose what was quick. The slower way would have kept more people with us.",
)


@dataclass(frozen=True)
class Deeds:
    """The rows of one enrolment. `versions` holds the published version of each (kind, slug)."""

    ledger: Ledger
    academy_id: int
    course: str
    person_id: int
    enrolment_id: int
    versions: Mapping[tuple[str, str], int]

    def keep(self, life: Life, *, edition_id: int | None, version_id: int) -> None:
        """Write everything down."""
        of = self.ledger.of
        read = of(PageRead, "enrolment_id", "module", "page", "version_id", "read_at")
        for place, at in life.read:
            version = self.versions["module", place.module]
            read.add(self.enrolment_id, place.module, place.slug, version, at)
        for one in life.tries:
            self._attempt(one)
        done = of(ModuleCompletion, "enrolment_id", "module", "version_id", "completed_at")
        for module, at in life.modules:
            done.add(self.enrolment_id, module, self.versions["module", module], at)
        if life.completed_at is None:
            return
        whole = (
            "enrolment_id",
            "academy_id",
            "course",
            "version_id",
            "edition_id",
            "percent",
            "completed_at",
        )
        of(CourseCompletion, *whole).add(
            self.enrolment_id,
            self.academy_id,
            self.course,
            version_id,
            edition_id,
            life.percent,
            life.completed_at,
        )
        event = ("academy_id", "enrolment_id", "course", "kind", "edition_id", "percent", "reason", "at")
        of(CompletionEvent, *event).add(
            self.academy_id,
            self.enrolment_id,
            self.course,
            EventKind.EARNED,
            edition_id,
            life.percent,
            "",
            life.completed_at,
        )

    def _attempt(self, one: Try) -> None:
        place, work = one.place, one.work
        is_quiz = place.kind is StepKind.QUIZ
        is_marked = one.ended_at is not None
        status = (
            AttemptStatus.FINISHED
            if one.is_over
            else AttemptStatus.DEBRIEF
            if is_marked
            else AttemptStatus.OPEN
        )
        shown = 1.0 if is_marked else 0.4  # an attempt that is still open has a part of its answers
        replies = work.replies[: int(len(work.replies) * shown)]
        at, moments = one.started_at, []
        spent = sum(reply.seconds for reply in replies) or 1.0
        whole = (one.ended_at - one.started_at).total_seconds() if one.ended_at else spent
        for reply in replies:
            at += timedelta(seconds=reply.seconds * min(1.0, whole / spent))
            moments.append(at)
        number = self.ledger.of(Attempt, *ATTEMPT).add(
            self.enrolment_id,
            self.person_id,
            self.academy_id,
            place.kind,
            self.course,
            place.module,
            place.slug,
            self.versions[place.kind.value, place.slug],
            one.number,
            status,
            work.draw,
            one.started_at,
            one.ended_at or at,
            one.ended_at if is_quiz else None,
            (one.ended_at if is_quiz else one.debriefed_at) if one.is_over else None,
            work.percent if is_marked else None,
            work.is_passed if is_marked else None,
            work.level if is_marked else None,
            work.result if is_marked else None,
        )
        answered = self.ledger.of(
            Response, "attempt_id", "item", "answer", "confidence", "seconds", "saved_at"
        )
        for reply, moment in zip(replies, moments, strict=True):
            answered.add(number, reply.item, reply.answer, reply.confidence, reply.seconds, moment)
        self._scenario(one, number, shown)

    def _scenario(self, one: Try, number: int, shown: float) -> None:
        choices = one.work.decisions[: int(len(one.work.decisions) * shown)]
        decided = self.ledger.of(Decision, "attempt_id", "sequence", "node", "choice", "decided_at")
        until = one.ended_at or one.started_at + timedelta(minutes=10)
        step = (until - one.started_at) / (len(one.work.decisions) + 1)
        for sequence, (node, choice) in enumerate(choices, start=1):
            decided.add(number, sequence, node, choice, one.started_at + step * sequence)
        if one.debriefed_at is not None:
            text = THOUGHTS[(number + one.number) % len(THOUGHTS)]
            self.ledger.of(Reflection, "attempt_id", "prompt", "text", "saved_at").add(
                number, 0, text, one.debriefed_at
            )
