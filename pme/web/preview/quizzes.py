"""The preview's door at a quiz: its questions, the check before handing in, the result with its feedback."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment import feedback, grading, paper
from pme.assessment.allowances import Terms
from pme.assessment.attempt_review import CorrectionsOn
from pme.assessment.draw import Draw
from pme.assessment.effective import EffectiveResult
from pme.assessment.models import AttemptStatus, Task
from pme.assessment.shortfall import shortfall
from pme.assessment.timing import Allowance, Standing
from pme.authoring.trial import QuizTrial, draw_of
from pme.content.blueprint import number_asked
from pme.content.catalogue import Versioned
from pme.content.library import Kind
from pme.content.problems import Problem
from pme.content.shapes import EssayItem, Module, Quiz
from pme.errors import Invalid, NotFound
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN
from pme.web.preview.access import looker
from pme.web.preview.pages import keep, show, trial
from pme.web.preview.views import blueprint
from pme.web.preview.ways import PreviewWay, load_module
from pme.web.signin import now
from pme.web.tongues import in_language
from pme.words.lazily import lazy
from pme.words.speech import _

UNDER = "/learn/<course>/<module>/quiz/<slug>"
ANEW = lazy("This quiz has changed since you began it, so it starts again.")
ESSAYS = lazy("Here students wait until a person has read what they wrote; a preview shows the rest at once.")


@dataclass(frozen=True)
class TrialAttempt:
    """What stands in the place of an attempt in the templates of students; it is nowhere kept."""

    course: str
    module: str
    slug: str
    number: int = 1
    status: AttemptStatus = AttemptStatus.OPEN
    id: int = 0
    percent: float | None = None
    is_passed: bool | None = None
    reflection_shared_at: datetime | None = None


@dataclass(frozen=True)
class Sat:
    """A quiz of the preview, with how it stands there; `trial` None: not begun."""

    way: PreviewWay
    module: Module
    quiz: Versioned[Quiz]
    trial: QuizTrial | None
    problems: tuple[Problem, ...]

    @property
    def draw(self) -> Draw:
        """What is asked."""
        return draw_of(self.quiz.content, self.begun, looker().owner)

    @property
    def begun(self) -> QuizTrial:
        """How it stands, begun or about to be."""
        return self.trial or QuizTrial(self.quiz.sha256)

    @property
    def attempt(self) -> TrialAttempt:
        """What its templates know of it."""
        return TrialAttempt(
            self.way.course.content.slug, self.module.slug, self.quiz.content.slug, self.begun.turn
        )

    def address(self, endpoint: str, **more: Any) -> str:
        """Where a page of this quiz is."""
        at = self.attempt
        place: dict[str, Any] = {"course": at.course, "module": at.module, "slug": at.slug}
        return url_for(f"preview.{endpoint}", key=looker().key, **place, **more)

    def show(self, template: str, **context: Any) -> ResponseReturnValue:
        """A page of this quiz."""
        at = self.attempt
        return show(
            template,
            place={"course": at.course, "module": at.module, "slug": at.slug},
            about=f"quizzes/{at.slug}.quiz.yaml",
            problems=self.problems,
            attempt=at,
            quiz=self.quiz.content,
            form=ActForm(),
            **context,
        )


@blueprint.get(UNDER)
def quiz(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Before a quiz: what it asks and the pass rule, as students see it; time limits are told and not enforced."""
    sat = _sat(course, module, slug)
    if sat.problems:
        return sat.show("preview/unsound.html", title=sat.quiz.content.title)
    task = sat.quiz.content
    return sat.show(
        "student/quiz-start.html",
        learning=sat.way,
        module=sat.module,
        asked=number_asked(task),
        standing=sat.way.standings.get((Task.QUIZ, slug)) if sat.trial else None,
        attempts=[],
        terms=Terms(task.attempts, Allowance()),
        at=now(),
    )


@blueprint.post(UNDER)
def begin_quiz(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Begin a quiz, or go on with the one that is open."""
    sat = _sound(course, module, slug)
    if sat.trial is None or sat.trial.is_done:
        turn = sat.trial.turn + 1 if sat.trial else 1
        _keep(sat, QuizTrial(sat.quiz.sha256, turn))
    return redirect(sat.address("sitting"), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/now")
def sitting(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Where the quiz stands: its first open question, the check, or the result."""
    sat = _sound(course, module, slug)
    if (instead := _instead(sat)) is not None:
        return instead
    number = paper.first_open(sat.quiz.content, sat.draw, sat.begun.answers)
    if number is None:
        return redirect(sat.address("check"), HTTPStatus.SEE_OTHER)
    return redirect(sat.address("question", number=number), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/questions/<int:number>")
def question(course: str, module: str, slug: str, number: int) -> ResponseReturnValue:
    """One question."""
    sat = _sound(course, module, slug)
    return _instead(sat) or _question(sat, number)


@blueprint.post(f"{UNDER}/questions/<int:number>")
def answer(course: str, module: str, slug: str, number: int) -> ResponseReturnValue:
    """Keep an answer in the preview, then go where the button says."""
    sat = _sound(course, module, slug)
    if (instead := _instead(sat)) is not None:
        return instead
    draw, form = sat.draw, dict(request.form.lists())
    item = paper.item_at(sat.quiz.content, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    try:
        given = grading.check_answer(item, paper.read_answer(item, draw, form))
        sure = paper.read_sure(item, form)
    except Invalid as error:
        if _wants_json():
            return jsonify(error=str(error.says)), HTTPStatus.UNPROCESSABLE_ENTITY
        return _question(sat, number, refused=error, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    others = {name: kept for name, kept in sat.begun.sure.items() if name != item.id}
    says = _keep(
        sat,
        replace(
            sat.begun,
            answers={**sat.begun.answers, item.id: given},
            sure=others | ({item.id: sure} if sure else {}),
        ),
    )
    if _wants_json():
        kept_at = f"{now():%H:%M:%S} UTC"  # not words
        told = {"error": str(says)} if says else {"saved_at": kept_at, "left": None, "ends": None}
        return jsonify(told), HTTPStatus.UNPROCESSABLE_ENTITY if says else HTTPStatus.OK
    return redirect(_after(sat, number, len(draw.items)), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/check")
def check(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Every question with whether it is answered, before handing in."""
    sat = _sound(course, module, slug)
    return _instead(sat) or sat.show(
        "student/quiz-check.html",
        lines=paper.summary(sat.quiz.content, sat.draw, sat.begun.answers),
        standing=Standing(now(), None),
        has_break=False,
    )


@blueprint.post(f"{UNDER}/finish")
def finish(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Hand in: marked as students are, and kept nowhere but in the preview."""
    sat = _sound(course, module, slug)
    if sat.trial is not None and not sat.trial.is_done:
        mark = _mark(sat)
        _keep(sat, replace(sat.trial, is_done=True, is_passed=mark.is_passed))
        if any(isinstance(sat.quiz.content.item(name), EssayItem) for name in sat.draw.items):
            flash(str(ESSAYS))
    return redirect(sat.address("result"), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/result")
def result(course: str, module: str, slug: str) -> ResponseReturnValue:
    """The result with its feedback; right answers once it is passed, or when they are asked for."""
    sat = _sound(course, module, slug)
    if sat.trial is None or not sat.trial.is_done:
        return redirect(sat.address("sitting"), HTTPStatus.SEE_OTHER)
    marked = _mark(sat)
    kept, is_revealed = marked.as_result(), marked.is_passed or "all" in request.args
    task, draw = sat.quiz.content, sat.draw
    earned = {name: credit for name, credit in kept["items"].items() if name not in marked.unmarked}
    more = [] if is_revealed else [(_("Show all feedback, as after a pass"), sat.address("result", all="1"))]
    return sat.show(
        "student/quiz-result.html",
        more=more,
        mark=EffectiveResult(0, 0, marked.percent, marked.is_passed, marked.level, kept, is_revised=False),
        on=CorrectionsOn(task),
        missing=shortfall(task, draw, marked.percent, kept),
        reviews=feedback.review(
            task, draw, sat.trial.answers, reveal=is_revealed, confidence=sat.trial.sure, kept=earned
        ),
        told={},
        is_revealed=is_revealed,
        is_offered=True,
    )


def _sat(course: str, module: str, slug: str) -> Sat:
    """A quiz of a module, or one whose outcomes are that module's. Raises NotFound for any other."""
    way, found = load_module(course, module)
    task = looker().shown.catalogue.quiz(slug)
    if task is None or (slug not in found.completion.quizzes and task.content.module != module):
        raise NotFound(UNKNOWN)
    wrong = looker().shown.wrong_in(Kind.QUIZ, slug)
    return Sat(
        way,
        found.in_language(way.language),
        in_language(task, way.language),
        trial().quiz(slug, task.sha256),
        wrong,
    )


def _sound(course: str, module: str, slug: str) -> Sat:
    """The same; one with errors in it cannot be taken."""
    sat = _sat(course, module, slug)
    if sat.problems:
        raise NotFound(_("This quiz has errors, so it cannot be taken. Its first page lists them."))
    return sat


def _instead(sat: Sat) -> ResponseReturnValue | None:
    if sat.trial is None:
        if sat.quiz.content.slug in trial().quizzes:
            flash(str(ANEW))
        return redirect(sat.address("quiz"), HTTPStatus.SEE_OTHER)
    return redirect(sat.address("result"), HTTPStatus.SEE_OTHER) if sat.trial.is_done else None


def _question(
    sat: Sat, number: int, *, refused: Invalid | None = None, form: paper.Form | None = None
) -> Any:
    task, draw, begun = sat.quiz.content, sat.draw, sat.begun
    item = paper.item_at(task, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    shown = paper.question(task, draw, number, begun.answers.get(item.id, ()), sure=begun.sure.get(item.id))
    return sat.show(
        "student/question.html",
        question=paper.as_typed(shown, form) if form else shown,
        lines=paper.summary(task, draw, begun.answers),
        saved=None,
        key="",
        errors={(refused.field or "answer"): refused.says} if refused else {},
        standing=Standing(now(), None),
        has_break=False,
    )


def _mark(sat: Sat) -> grading.QuizMark:
    asked: Sequence[str] = sat.draw.items
    return grading.mark(sat.quiz.content, asked, sat.begun.answers, confidence=sat.begun.sure)


def _keep(sat: Sat, kept: QuizTrial) -> str:
    says = keep(lambda done: done.with_quiz(sat.quiz.content.slug, kept))
    if says and not _wants_json():
        flash(says, "problem")
    return says


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _after(sat: Sat, number: int, of: int) -> str:
    go = "stay" if "move" in request.form else request.form.get("go", "next")
    here = {"stay": number, "back": max(1, number - 1), "next": number + 1}.get(go, number)
    return sat.address("check") if go == "check" or here > of else sat.address("question", number=here)
