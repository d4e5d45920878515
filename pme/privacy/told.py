"""What somebody answered and decided, in the words that they were shown: never by the ids that authors gave.

Of an attempt that is not finished only what they themselves chose is told; of a finished one no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.answers import JOIN
from pme.assessment.models import Attempt, AttemptStatus, RefusedResponse, Response, Task
from pme.assessment.queries import path_of
from pme.content.catalogue import pinned
from pme.content.inline_text import plain_text
from pme.content.shapes import (
    AnyItem,
    DecisionNode,
    EssayItem,
    MatchingItem,
    MultipleItem,
    OrderingItem,
    Quiz,
    RatingItem,
    Scenario,
    SingleItem,
)
from pme.marking.told import told_of


def attempts_told(session: Session, academy_id: int, person_id: int) -> list[dict[str, Any]]:
    """Every attempt of a person at an academy, with what they answered or decided, in words."""
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.academy_id == academy_id)
        .order_by(Attempt.id)
    ).all()
    return [_attempt(session, attempt) for attempt in attempts]


def essays_in(told: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The essays among the attempts told: a name for the file of each, and its text."""
    for attempt in told:
        for answer in attempt.get("answers", ()):
            if answer["is_essay"]:
                name = f"{attempt['task_slug']}-{attempt['number']}-question-{answer['question']}.txt"
                yield name, "\n".join(answer["answer"])


def _attempt(session: Session, attempt: Attempt) -> dict[str, Any]:
    task: Quiz | Scenario
    if attempt.task is Task.QUIZ:
        task = pinned(session, attempt.version_id, Quiz).content.in_language(attempt.language)
        inside: dict[str, Any] = _quiz(session, attempt, task)
    else:
        task = pinned(session, attempt.version_id, Scenario).content.in_language(attempt.language)
        inside = {"decisions": _decisions(session, attempt, task)}
    about = {
        "attempt_id": attempt.id,
        "course": attempt.course,
        "task": attempt.task.value,
        "task_slug": attempt.slug,
        "title": task.title,
        "number": attempt.number,
    }
    return about | inside


def _quiz(session: Session, attempt: Attempt, quiz: Quiz) -> dict[str, Any]:
    items = {item.id: item for item in quiz.items}
    order = list(attempt.draw["items"])

    def answered(item_id: str, given: Sequence[str]) -> dict[str, Any]:
        item = items.get(item_id)
        return {
            "question": order.index(item_id) + 1 if item_id in order else 0,
            "asked": plain_text(item.stem_html) if item else "",
            "answer": said(item, given) if item else [],
            "is_essay": isinstance(item, EssayItem),
        }

    responses = session.scalars(select(Response).where(Response.attempt_id == attempt.id))
    refused = session.scalars(select(RefusedResponse).where(RefusedResponse.attempt_id == attempt.id))
    told = told_of(session, attempt, quiz) if attempt.status is AttemptStatus.FINISHED else {}
    return {
        "answers": sorted(
            (
                answered(each.item, each.answer)
                | {"saved_at": each.saved_at.isoformat(), "sure": each.confidence}
                for each in responses
            ),
            key=lambda answer: answer["question"],
        ),
        "not accepted": [
            answered(each.item, each.answer) | {"at": each.at.isoformat(), "why": each.reason}
            for each in refused
        ],
        "told of essays": [
            {
                "question": number,
                "points": essay.points,
                "of": essay.most,
                "comments": [*essay.comments, *(c for one in essay.criteria for c in one.comments)],
            }
            for number, essay in told.items()
        ],
    }


def said(item: AnyItem, given: Sequence[str]) -> list[str]:
    """An answer in the words of its question; what was typed as it was typed."""
    match item:
        case SingleItem() | MultipleItem():
            texts = {option.id: option.text_html for option in item.options}
        case RatingItem():
            rated = {option.id: plain_text(option.text_html) for option in item.options}
            return [f"{rated.get(name, '')}: {value}" for name, value in _pairs(given)]
        case OrderingItem():
            texts = {step.id: step.text_html for step in item.sequence}
        case MatchingItem():
            lefts = {pair.id: plain_text(pair.left_html) for pair in item.pairs}
            rights = {pair.right_id: plain_text(pair.right_html) for pair in item.pairs}
            rights |= {each.right_id: plain_text(each.right_html) for each in item.distractors}
            return [f"{lefts.get(left, '')} – {rights.get(right, '')}" for left, right in _pairs(given)]
        case _:
            return list(given)
    return [plain_text(texts[each]) for each in given if each in texts]


def _decisions(session: Session, attempt: Attempt, scenario: Scenario) -> list[dict[str, Any]]:
    found = []
    for node_id, choice_id in path_of(session, attempt.id):
        node = scenario.nodes.get(node_id)
        choice = node.choice(choice_id) if isinstance(node, DecisionNode) else None
        if isinstance(node, DecisionNode) and choice is not None:
            found.append({"asked": node.prompt, "chosen": plain_text(choice.text_html)})
    return found


def _pairs(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in given:
        left, _, right = each.partition(JOIN)
        yield left, right
