"""The preview's door in a scenario: situations, decisions with what follows from them, the debrief."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.allowances import Terms
from pme.assessment.models import AttemptStatus, Task
from pme.assessment.scenario import debrief, decisions_on_each_path
from pme.assessment.service import reflection_prompts
from pme.assessment.timing import Allowance
from pme.authoring.trial import ScenarioTrial, choices_of
from pme.content.catalogue import Versioned
from pme.content.library import Kind
from pme.content.play import Playthrough, follow
from pme.content.problems import Problem
from pme.content.shapes import Module, Scenario
from pme.errors import NotFound
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN
from pme.web.preview.access import looker
from pme.web.preview.pages import keep, show, trial
from pme.web.preview.quizzes import TrialAttempt
from pme.web.preview.views import blueprint, support
from pme.web.preview.ways import PreviewWay, load_module
from pme.web.reflecting import reflection_form
from pme.web.signin import now
from pme.web.tongues import in_language
from pme.words.lazily import lazy
from pme.words.speech import _

UNDER = "/learn/<course>/<module>/scenario/<slug>"
ANEW = lazy("This scenario has changed since you began it, so it starts again.")
NOT_KEPT = lazy(
    "This ends the debrief. What was written here is not kept; in a course, students keep what they write, "
    "for themselves."
)

TOUR_NOT_KEPT = lazy(
    "That was a debrief. What you wrote here is not kept; in a course it is kept, and only you can read it."
)


@dataclass(frozen=True)
class Played:
    """A scenario of the preview, with how it stands there; `trial` None: not begun."""

    way: PreviewWay
    module: Module
    scenario: Versioned[Scenario]
    trial: ScenarioTrial | None
    problems: tuple[Problem, ...]

    @property
    def begun(self) -> ScenarioTrial:
        """How it stands, begun or about to be."""
        return self.trial or ScenarioTrial(self.scenario.sha256)

    @property
    def attempt(self) -> TrialAttempt:
        """What its templates know of it."""
        status = AttemptStatus.FINISHED if self.begun.is_done else AttemptStatus.OPEN
        slug = self.scenario.content.slug
        return TrialAttempt(self.way.course.content.slug, self.module.slug, slug, self.begun.turn, status)

    @property
    def place(self) -> dict[str, Any]:
        """What its addresses hold."""
        at = self.attempt
        return {"course": at.course, "module": at.module, "slug": at.slug}

    def address(self, endpoint: str) -> str:
        """Where a page of this scenario is."""
        return url_for(f"preview.{endpoint}", key=looker().key, **self.place)

    def played(self) -> Playthrough:
        """Where the path so far leads."""
        return follow(self.scenario.content, self.begun.path)

    def show(self, template: str, **context: Any) -> ResponseReturnValue:
        """A page of this scenario."""
        return show(
            template,
            place=self.place,
            about=f"quizzes/{self.scenario.content.slug}.scenario.yaml",
            problems=self.problems,
            attempt=self.attempt,
            scenario=self.scenario.content,
            **context,
        )


@blueprint.get(UNDER)
def scenario(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Before a scenario: content note, role, mission."""
    one = _played(course, module, slug)
    if one.problems:
        return one.show("preview/unsound.html", title=one.scenario.content.title)
    return one.show(
        "student/scenario-start.html",
        learning=one.way,
        module=one.module,
        standing=one.way.standings.get((Task.SCENARIO, slug)) if one.trial else None,
        attempts=[],
        terms=Terms(one.scenario.content.retake.maximum, Allowance()),
        at=now(),
        support=support(),
        form=ActForm(),
    )


@blueprint.post(UNDER)
def begin_scenario(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Begin a scenario, or go on with the one that is open."""
    one = _sound(course, module, slug)
    if one.trial is None or one.trial.is_done:
        turn = one.trial.turn + 1 if one.trial else 1
        _keep(one, ScenarioTrial(one.scenario.sha256, turn))
    return redirect(one.address("situation"), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/now")
def situation(course: str, module: str, slug: str) -> ResponseReturnValue:
    """The situation that the scenario stands in."""
    one = _sound(course, module, slug)
    if (instead := _instead(one)) is not None:
        return instead
    return (
        redirect(one.address("debriefing"), HTTPStatus.SEE_OTHER) if one.begun.is_closed else _situation(one)
    )


@blueprint.post(f"{UNDER}/now")
def decide(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Take one decision; a stale step is a way back to where the scenario stands."""
    one, here = _sound(course, module, slug), "situation"
    if (instead := _instead(one)) is not None:
        return instead
    played, position = one.played(), request.form.get("choice", type=int)
    is_now = request.form.get("step", type=int) == len(one.begun.path) + 1
    if played.waiting is None or not is_now:
        return redirect(one.address(here), HTTPStatus.SEE_OTHER)
    dealt = choices_of(one.scenario.content, one.begun, looker().owner).options[played.waiting.id]
    if position is None or not 1 <= position <= len(dealt):
        return _situation(
            one, _("Choose what you should do, then continue.")
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    path = (*one.begun.path, (played.waiting.id, dealt[position - 1]))
    is_over = follow(one.scenario.content, path).ending is not None
    is_closed = is_over and one.scenario.content.mode != "formative"
    _keep(one, replace(one.begun, path=path, is_closed=is_closed))
    return redirect(one.address(here), HTTPStatus.SEE_OTHER)


@blueprint.post(f"{UNDER}/take-back")
def take_back(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Take the last decision back, where the scenario is for practice."""
    one = _sound(course, module, slug)
    if one.scenario.content.mode == "formative" and one.begun.path and not one.begun.is_closed:
        _keep(one, replace(one.begun, path=one.begun.path[:-1]))
    return redirect(one.address("situation"), HTTPStatus.SEE_OTHER)


@blueprint.post(f"{UNDER}/close")
def close(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Go on from the ending of a practice scenario to its debrief."""
    one = _sound(course, module, slug)
    if one.trial is not None and one.played().ending is not None:
        _keep(one, replace(one.trial, is_closed=True))
    return redirect(one.address("situation"), HTTPStatus.SEE_OTHER)


@blueprint.get(f"{UNDER}/debrief")
def debriefing(course: str, module: str, slug: str) -> ResponseReturnValue:
    """The debrief: path, expert path, state over time, sources."""
    one = _sound(course, module, slug)
    if not one.begun.is_closed:
        return redirect(one.address("situation"), HTTPStatus.SEE_OTHER)
    prompts = reflection_prompts(one.scenario.content)
    return one.show(
        "student/debrief.html",
        module=one.way.module(module),
        view=debrief(one.scenario.content, one.begun.path),
        prompts=prompts,
        support=support(),
        form=reflection_form(prompts, {}),
    )


@blueprint.post(f"{UNDER}/debrief")
def finish_debrief(course: str, module: str, slug: str) -> ResponseReturnValue:
    """End the debrief; what was written is not kept."""
    one = _sound(course, module, slug)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(saved_at=_("nowhere: this is a preview"))
    if one.begun.is_closed:
        is_passed = debrief(one.scenario.content, one.begun.path).score.passed
        _keep(one, replace(one.begun, is_done=True, is_passed=is_passed))
        flash(str(TOUR_NOT_KEPT if looker().is_on_tour else NOT_KEPT))
    return redirect(one.address("debriefing"), HTTPStatus.SEE_OTHER)


def _played(course: str, module: str, slug: str) -> Played:
    """A scenario of a module, or one whose outcomes are that module's. Raises NotFound for any other."""
    way, found = load_module(course, module)
    task = looker().shown.catalogue.scenario(slug)
    if task is None or (slug not in found.completion.scenarios and task.content.module != module):
        raise NotFound(UNKNOWN)
    wrong = looker().shown.wrong_in(Kind.SCENARIO, slug)
    return Played(
        way,
        found.in_language(way.language),
        in_language(task, way.language),
        trial().scenario(slug, task.sha256),
        wrong,
    )


def _sound(course: str, module: str, slug: str) -> Played:
    """The same; one with errors in it cannot be played."""
    one = _played(course, module, slug)
    if one.problems:
        raise NotFound(_("This scenario has errors, so it cannot be taken. Its first page lists them."))
    return one


def _instead(one: Played) -> ResponseReturnValue | None:
    if one.trial is not None:
        return None
    if one.scenario.content.slug in trial().scenarios:
        flash(str(ANEW))
    return redirect(one.address("scenario"), HTTPStatus.SEE_OTHER)


def _situation(one: Played, error: str = "") -> Any:
    task, played = one.scenario.content, one.played()
    dealt = choices_of(task, one.begun, looker().owner).options[played.waiting.id] if played.waiting else []
    return one.show(
        "student/situation.html",
        played=played,
        choices=[played.waiting.choice(name) for name in dealt] if played.waiting else [],
        step=len(one.begun.path) + 1,
        last_step=len(one.begun.path),
        decided_at=None,
        key="",
        of=decisions_on_each_path(task),
        last=played.steps[-1] if played.steps and task.mode == "formative" else None,
        error=error,
        form=ActForm(),
    )


def _keep(one: Played, kept: ScenarioTrial) -> None:
    if says := keep(lambda done: done.with_scenario(one.scenario.content.slug, kept)):
        flash(says, "problem")
