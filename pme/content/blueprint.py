"""How many questions a quiz asks, and of which outcomes, whatever is drawn. Pure."""

from collections import Counter

from pme.content.shapes_quiz import AnyItem, BlueprintLine, Quiz


def own_items(quiz: Quiz) -> tuple[AnyItem, ...]:
    """The items that no line draws from: those of the quiz's own file."""
    in_lines = {name for line in quiz.blueprint for name in line.items}
    return tuple(item for item in quiz.items if item.id not in in_lines)


def always_asked(quiz: Quiz) -> tuple[AnyItem, ...]:
    """The items that every attempt is asked: those that no line draws from, or of which a line takes all."""
    drawn = {name for line in quiz.blueprint if line.count < len(line.items) for name in line.items}
    return tuple(item for item in quiz.items if item.id not in drawn)


def number_asked(quiz: Quiz) -> int:
    """How many questions an attempt has."""
    return len(own_items(quiz)) + sum(line.count for line in quiz.blueprint)


def fewest_by_outcome(quiz: Quiz) -> Counter[str]:
    """How many questions an attempt has of each outcome at the least."""
    fewest = Counter(item.outcome for item in own_items(quiz))
    for line in quiz.blueprint:
        fewest.update(_fewest_of_line(quiz, line))
    return fewest


def _fewest_of_line(quiz: Quiz, line: BlueprintLine) -> Counter[str]:
    outcomes = Counter(item.outcome for item in quiz.items if item.id in line.items)
    of = sum(outcomes.values())
    # The worst draw takes all the others first.
    return Counter({name: max(0, line.count - (of - number)) for name, number in outcomes.items()})
