"""What invented people hand in: papers of a quiz and paths through a scenario, marked by the rules themselves.

Pure but for the random source. For each task and band of ability a stock is made when it is first asked for and
dealt out again and again, since marking anew for every one of 10,000 people would take minutes.
"""

import json
import math
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from random import Random
from statistics import NormalDist

from pme.assessment import grading
from pme.assessment.draw import deal_quiz, deal_scenario
from pme.assessment.grading import JOIN
from pme.assessment.levels import Level
from pme.assessment.scenario import debrief
from pme.content.play import follow
from pme.content.scoring import key_rating
from pme.content.shapes import (
    AnyItem,
    DecisionNode,
    EssayItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Quiz,
    RatingItem,
    Scenario,
    ShortTextItem,
    SingleItem,
)

BANDS = 8
LEFT_OUT = 0.004
PAPERS, PATHS = 48, 24
"""How many of each task are made for each band."""


@dataclass(frozen=True)
class Reply:
    """An answer to one item, as it is kept; `seconds` is the time it took."""

    item: str
    answer: str
    confidence: int | None
    seconds: float


@dataclass(frozen=True)
class Work:
    """One finished attempt at a task: a paper (with replies) or a path (with decisions). JSON as it is kept."""

    draw: str
    result: str
    percent: float
    is_passed: bool
    level: Level
    replies: tuple[Reply, ...] = ()
    decisions: tuple[tuple[str, str], ...] = ()


@dataclass
class Stock:
    """The papers and paths made so far, by task and band."""

    random: Random
    kept: dict[tuple[str, str, int], list[Work]] = field(default_factory=dict)

    def take(self, task: Quiz | Scenario, ability: float) -> Work:
        """What somebody of this ability hands in."""
        most = PAPERS if isinstance(task, Quiz) else PATHS
        share = NormalDist().cdf(ability)
        band = min(BANDS - 1, int(share * BANDS))
        works = self.kept.setdefault((type(task).__name__, task.slug, band), [])
        place = self.random.randrange(most)
        if place < len(works):
            return works[place]
        middle = NormalDist().inv_cdf((band + 0.5) / BANDS)
        made = paper(task, middle, self.random) if isinstance(task, Quiz) else path(task, middle, self.random)
        works.append(made)
        return made


def paper(quiz: Quiz, ability: float, random: Random) -> Work:
    """A quiz as it is dealt, answered and marked."""
    draw = deal_quiz(quiz, random)
    replies: list[Reply] = []
    answers: dict[str, tuple[str, ...]] = {}
    sure: dict[str, int] = {}
    for name in draw.items:
        item = quiz.item(name)
        if item is None or isinstance(item, EssayItem) or random.random() < LEFT_OUT:
            continue  # an essay waits for marks by hand; now and then somebody leaves a question out
        knows = random.random() < chance(item, ability)
        answer = grading.check_answer(item, right(item) if knows else wrong(item, random))
        answers[name] = answer
        confidence = None
        if item.confidence != "none":
            confidence = sure[name] = min(3, max(1, round(random.gauss(2.35 if knows else 1.75, 0.6))))
        seconds = round(random.lognormvariate(3.5 + 0.15 * hardness(item), 0.5), 1)
        replies.append(Reply(name, json.dumps(answer), confidence, seconds))
    marks = grading.mark(quiz, draw.items, answers, confidence=sure)
    return Work(
        draw=json.dumps(draw.as_json()),
        result=json.dumps(marks.as_result()),
        percent=marks.percent,
        is_passed=marks.is_passed,
        level=marks.level,
        replies=tuple(replies),
    )


def path(scenario: Scenario, ability: float, random: Random) -> Work:
    """A scenario as it is dealt, walked to an ending and judged."""
    taken: list[tuple[str, str]] = []
    while (node := follow(scenario, taken).waiting) is not None:
        taken.append((node.id, _choice(scenario, node, ability, random)))
    review = debrief(scenario, taken)
    return Work(
        draw=json.dumps(deal_scenario(scenario, random).as_json()),
        result=json.dumps(
            {
                "ending": review.ending.id,
                "outcomes": [asdict(outcome) for outcome in review.outcomes],
                "broken": list(review.score.broken),
                "missed": list(review.score.missed),
            }
        ),
        percent=review.score.percent,
        is_passed=review.score.passed,
        level=Level.ACCEPTABLE if review.score.passed else Level.FAIL,
        decisions=tuple(taken),
    )


def hardness(item: AnyItem) -> float:
    """How hard an item is, the same for everybody: from about -2 (easy) to 1.5."""
    spread = int.from_bytes(sha256(item.id.encode()).digest()[:4], "big") / 2**32
    by_kind = 0.35 if isinstance(item, MatchingItem | OrderingItem | RatingItem | MultipleItem) else 0.0
    return -1.9 + 2.4 * spread + by_kind


def chance(item: AnyItem, ability: float) -> float:
    """How likely somebody of this ability is to answer rightly (a Rasch curve with some guessing)."""
    guess = 0.2 if isinstance(item, SingleItem) else 0.02
    return guess + (1 - guess) / (1 + math.exp(-1.25 * (ability - hardness(item))))


def right(item: AnyItem) -> list[str]:
    """The answer that earns the whole credit of an item."""
    match item:
        case MatchingItem():
            return [f"{pair.id}{JOIN}{pair.right_id}" for pair in item.pairs]
        case OrderingItem():
            return [step.id for step in item.sequence]
        case SingleItem() | MultipleItem():
            return [option.id for option in item.options if option.correct]
        case NumericItem():
            return [item.answer]
        case ShortTextItem():
            return [item.accepted[0]]
        case RatingItem():
            return [f"{option.id}{JOIN}{key_rating(option.key)}" for option in item.options]
        case EssayItem():
            return ["I would ask what the person needs, and tell them what I can and cannot promise."]


def wrong(item: AnyItem, random: Random) -> list[str]:
    """An answer that misses something, as people do: one wrong option is more popular than the others."""
    match item:
        case SingleItem():
            others = sorted((option.id for option in item.options if not option.correct), key=_fame)
            return [others[int(random.random() ** 1.8 * len(others))]]
        case MultipleItem():
            chosen = {option.id for option in item.options if option.correct}
            chosen ^= {random.choice([option.id for option in item.options])}
            return sorted(chosen)
        case MatchingItem():
            pairs = list(item.pairs)
            at = random.randrange(len(pairs) - 1)
            rights = [pair.right_id for pair in pairs]
            rights[at], rights[at + 1] = rights[at + 1], rights[at]
            return [f"{pair.id}{JOIN}{chosen}" for pair, chosen in zip(pairs, rights, strict=True)]
        case OrderingItem():
            steps = [step.id for step in item.sequence]
            at = random.randrange(len(steps) - 1)
            steps[at], steps[at + 1] = steps[at + 1], steps[at]
            return steps
        case NumericItem():
            return [str(random.randrange(1, 90))]
        case ShortTextItem():
            return ["not sure"]
        case RatingItem():
            rated = [key_rating(option.key) for option in item.options]
            for at in random.sample(range(len(rated)), max(1, len(rated) // 2)):
                rated[at] = min(4, max(1, rated[at] + random.choice((-2, -1, 1, 2))))
            return [f"{o.id}{JOIN}{value}" for o, value in zip(item.options, rated, strict=True)]
        case EssayItem():
            return []


def _fame(name: str) -> bytes:
    return sha256(name.encode()).digest()


def _choice(scenario: Scenario, node: DecisionNode, ability: float, random: Random) -> str:
    hard = -1.6 + 1.8 * int.from_bytes(_fame(f"{scenario.slug}/{node.id}")[:4], "big") / 2**32
    if random.random() < 1 / (1 + math.exp(-1.3 * (ability - hard))):
        best = max(choice.key.credit for choice in node.choices)
        return random.choice([choice.id for choice in node.choices if choice.key.credit == best])
    others = sorted((choice.id for choice in node.choices), key=_fame)
    return others[int(random.random() ** 1.5 * len(others))]
