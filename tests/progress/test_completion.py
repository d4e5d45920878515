"""The rule of completion: what is done, what comes next, when a course is complete."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.content.shapes import Completion
from pme.progress.completion import (
    Facts,
    Place,
    StepKind,
    after_page,
    course_percent,
    is_course_complete,
    is_done,
    missing_prerequisites,
    module_progress,
    next_place,
    places,
)
from tests.support.library import course, module

BASICS = module("basics", "The basics", Completion(quizzes=("check",), scenarios=("gate",)))
FURTHER = module("further", "Further on", Completion(), prerequisites=("basics", "elsewhere"))
TASKS_ONLY = module("tasks", "Tasks", Completion(pages="none", quizzes=("check",)))
COURSE = course("core", "Core course", ("basics", "further"))
BOTH = (BASICS, FURTHER)
READ_BASICS = frozenset({("basics", "first"), ("basics", "second")})
READ_FURTHER = frozenset({("further", "first"), ("further", "second")})
ALL = Facts(
    read=READ_BASICS | READ_FURTHER, quizzes_passed=frozenset({"check"}), scenarios_passed=frozenset({"gate"})
)
calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
facts_of_all_kinds = st.builds(
    Facts,
    read=st.frozensets(st.sampled_from(sorted(ALL.read))),
    quizzes_passed=st.frozensets(st.just("check")),
    scenarios_passed=st.frozensets(st.just("gate")),
    modules=st.frozensets(st.sampled_from(["basics", "further"])),
)


def test_pages_come_before_the_quiz_and_the_quiz_before_the_scenario():
    assert [(place.kind, place.slug) for place in places(BASICS)] == [
        (StepKind.PAGE, "first"),
        (StepKind.PAGE, "second"),
        (StepKind.QUIZ, "check"),
        (StepKind.SCENARIO, "gate"),
    ]
    assert [place.slug for place in places(TASKS_ONLY)] == ["check"]


@pytest.mark.parametrize("place", places(BASICS), ids=lambda place: place.slug)
def test_each_step_is_done_by_its_own_fact_alone(place: Place):
    nothing = Facts()
    alone = {
        StepKind.PAGE: replace(nothing, read=frozenset({("basics", place.slug)})),
        StepKind.QUIZ: replace(nothing, quizzes_passed=frozenset({place.slug})),
        StepKind.SCENARIO: replace(nothing, scenarios_passed=frozenset({place.slug})),
    }[place.kind]
    assert not is_done(place, nothing)
    assert [other for other in places(BASICS) if is_done(other, alone)] == [place]
    assert next_place([BASICS], nothing) == places(BASICS)[0]


def test_a_page_of_the_same_name_in_another_module_does_not_count():
    assert module_progress(BASICS, Facts(read=READ_FURTHER)).done == 0


def test_progress_is_rounded_down_and_full_only_when_complete():
    third = module_progress(BASICS, replace(ALL, quizzes_passed=frozenset()))
    assert (third.done, third.of, third.is_complete, third.percent) == (3, 4, False, 75)
    assert module_progress(BASICS, ALL).percent == 100
    assert module_progress(module("empty", "Empty", Completion(pages="none")), Facts()).percent == 100


def test_what_was_completed_once_stays_complete_when_the_module_grows():
    kept = Facts().with_modules(frozenset({"basics"}))
    progress = module_progress(BASICS, kept)
    assert (progress.done, progress.is_complete, progress.percent) == (0, True, 100)
    assert next_place(BOTH, kept) == Place(StepKind.PAGE, "further", "first")
    assert is_course_complete(BOTH, kept.with_modules(frozenset({"further"})))


def test_when_all_is_done_nothing_comes_next():
    assert next_place(BOTH, ALL) is None
    assert is_course_complete(BOTH, ALL)


def test_a_course_is_complete_without_its_optional_modules():
    basics = Facts(
        read=READ_BASICS, quizzes_passed=frozenset({"check"}), scenarios_passed=frozenset({"gate"})
    )
    offered = COURSE.model_copy(update={"required": ("basics",)})
    assert offered.optional == {"further"}
    assert COURSE.optional == frozenset()
    assert is_course_complete(BOTH, basics, optional=offered.optional)
    assert not is_course_complete(BOTH, basics, optional=COURSE.optional)
    assert not is_course_complete(BOTH, ALL, optional=frozenset({"basics", "further"}))


def test_a_module_can_ask_for_some_of_its_pages():
    some = module("basics", "The basics", Completion(pages=("second",)))
    assert [place.slug for place in places(some)] == ["second"]
    assert module_progress(some, Facts(read=frozenset({("basics", "second")}))).is_complete


def test_a_course_without_modules_is_never_complete():
    assert not is_course_complete((), ALL)


@calm
@given(facts_of_all_kinds)
def test_something_comes_next_exactly_until_the_course_is_complete(facts: Facts):
    assert (next_place(BOTH, facts) is None) is is_course_complete(BOTH, facts)


@calm
@given(facts_of_all_kinds, facts_of_all_kinds)
def test_doing_more_never_takes_progress_back(one: Facts, other: Facts):
    both = Facts(
        read=one.read | other.read,
        quizzes_passed=one.quizzes_passed | other.quizzes_passed,
        scenarios_passed=one.scenarios_passed | other.scenarios_passed,
        modules=one.modules | other.modules,
    )
    for each in BOTH:
        assert module_progress(each, both).percent >= module_progress(each, one).percent


def test_the_result_is_the_mean_of_the_best_marks_and_what_came_later_does_not_count():
    marks = {(StepKind.QUIZ, "check"): 90.0, (StepKind.SCENARIO, "gate"): 70.0}
    assert course_percent(BOTH, marks) == 80
    assert course_percent(BOTH, {(StepKind.QUIZ, "check"): 90.0}) == 90
    assert course_percent(BOTH, marks | {(StepKind.QUIZ, "of another course"): 0.0}) == 80
    assert course_percent([FURTHER], {}) == 100


def test_a_module_asks_first_for_the_earlier_ones_of_its_own_course():
    assert missing_prerequisites(FURTHER, COURSE, Facts()) == ("basics",)
    assert missing_prerequisites(FURTHER, COURSE, Facts(modules=frozenset({"basics"}))) == ()


def test_after_the_last_page_comes_none():
    first, second = BASICS.pages
    assert after_page(BASICS, first) == second
    assert after_page(BASICS, second) is None
