"""What changed between two editions of a course, worked out without a database."""

from typing import Any

from pme.content.edition_content import EditionContent
from pme.content.shapes import Completion, Course, Module, Quiz, Scenario
from pme.progress.completion import Place, StepKind
from pme.progress.delta import Change, compare, whole
from tests.support.library import course, module, quiz, scenario

FULL = Completion(quizzes=("check",), scenarios=("gate",))


def edition(
    *modules: Module,
    of: Course | None = None,
    quizzes: tuple[Quiz, ...] = (quiz(),),
    scenarios: tuple[Scenario, ...] = (scenario("gate"),),
) -> EditionContent:
    taught = of or course("core", "Core", tuple(each.slug for each in modules))
    return EditionContent(
        taught,
        {each.slug: each for each in modules},
        {each.slug: each for each in quizzes},
        {each.slug: each for each in scenarios},
    )


def steps(before: EditionContent | None, after: EditionContent) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.title, step.change.value, step.told) for step in compare(before, after).steps]


def changed(content: Any, **fields: Any) -> Any:
    return content.model_copy(update=fields)


BASICS = module("basics", "Basics", FULL)
OLD = edition(BASICS)


def test_a_new_task_is_new_and_one_that_is_gone_is_told_with_its_old_title():
    more = module("basics", "Basics", Completion(quizzes=("check", "second"), scenarios=("gate",)))
    new = edition(more, quizzes=(quiz(), changed(quiz("second"), title="A second check")))
    assert steps(OLD, new) == [("A second check", "new", ())]
    assert compare(OLD, new).asked == (Place(StepKind.QUIZ, "basics", "second"),)
    assert steps(new, OLD) == [("A second check", "gone", ())]
    assert compare(new, OLD).asked == ()


def test_a_new_module_is_asked_whole_and_an_optional_or_unknown_one_is_not():
    further = module("further", "Further", Completion())
    new = edition(BASICS, further)
    assert [place.slug for place in compare(OLD, new).asked] == ["first", "second"]
    optional = changed(new.course, required=("basics",))
    assert compare(OLD, edition(BASICS, further, of=optional)).asked == ()
    gone = [each for each in compare(new, OLD).steps if each.change is Change.GONE]
    assert [step.place.module for step in gone] == ["further", "further"]
    unpublished = course("core", "Core", ("basics", "nowhere"))
    assert compare(OLD, edition(BASICS, of=unpublished)).is_empty
    assert compare(edition(BASICS, of=unpublished), OLD).is_empty


def test_a_pass_rule_and_the_parts_of_a_scenario_are_told_in_words():
    stricter = changed(quiz(), pass_rule=changed(quiz().pass_rule, min_percent=90))
    assert steps(OLD, edition(BASICS, quizzes=(stricter,))) == [
        ("A short check", "changed", ("the pass rule or the choice of questions",))
    ]
    gate = scenario("gate")
    first = next(iter(gate.nodes))
    fewer = changed(
        gate, nodes={key: node for key, node in gate.nodes.items() if key != first}, min_percent=99
    )
    (step,) = compare(OLD, edition(BASICS, scenarios=(fewer,))).steps
    assert step.told == ("1 situation gone", "the endings or the pass rule")
    worded = changed(gate, title="Another title")
    assert compare(OLD, edition(BASICS, scenarios=(worded,))).is_empty


def test_a_task_that_is_not_published_is_passed_over():
    bare = edition(BASICS, quizzes=(), scenarios=())
    assert compare(OLD, bare).steps == ()
    second = changed(BASICS.pages[1], title="Anew", outcomes=("LO1",))
    delta = compare(OLD, edition(changed(BASICS, pages=(BASICS.pages[0], second)), quizzes=(), scenarios=()))
    assert [place.slug for place in delta.asked] == ["second"]
    shorter = edition(module("basics", "Basics", Completion()), quizzes=(), scenarios=())
    assert steps(bare, shorter) == [("check", "gone", ()), ("gate", "gone", ())]


def test_a_page_that_is_no_longer_asked_but_still_there_is_not_gone():
    fewer = module("basics", "Basics", Completion(pages=("first",), quizzes=("check",), scenarios=("gate",)))
    assert compare(OLD, edition(fewer)).is_empty
    one = changed(BASICS, pages=BASICS.pages[:1])
    assert steps(OLD, edition(one)) == [("Page second", "gone", ())]


def test_the_whole_of_a_course_is_every_task_of_what_completes_it_in_order():
    later = module("a-later", "Later", Completion(quizzes=("check",)))
    taught = changed(course("core", "Core", ("basics", "a-later")), required=("basics",))
    content = edition(later, BASICS, of=taught)
    assert [place.module for place in whole(content)] == ["basics", "basics"]
