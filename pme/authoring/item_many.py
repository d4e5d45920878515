"""Edits of several questions of a quiz or bank at once, by their numbers from 1. Pure: text in, text out."""

from collections.abc import Sequence

from pme.content.yaml_edit import move, put, remove

ITEMS = "items"


def without(text: str, numbers: Sequence[int], total: int) -> str:
    """The file without these of its `total` questions."""
    chosen = sorted(set(numbers), reverse=True)
    if len(chosen) == total:
        return put(
            text, (ITEMS,), []
        )  # an empty list is still one: the fields of a quiz tell what is missing
    for number in chosen:
        text = remove(text, (ITEMS, number - 1))
    return text


def arranged(text: str, numbers: Sequence[int], total: int, *, behind: int) -> str:
    """The file with these questions together, in their order, behind another one; behind 0: at the beginning.

    One that is chosen itself stands for the nearest before it that is not.
    """
    chosen = sorted(set(numbers))
    order = list(range(1, total + 1))
    last = next((each for each in range(behind, 0, -1) if each not in chosen), 0)
    for number in chosen:
        at = order.index(number)
        place = order.index(last) if last else -1
        to = place if at < place else place + 1
        text = move(text, (ITEMS, at), to)
        order.insert(to, order.pop(at))
        last = number
    return text


def with_field(text: str, numbers: Sequence[int], field: str, value: str) -> str:
    """The file with this value in a field of each of these questions."""
    for number in sorted(set(numbers)):
        text = put(text, (ITEMS, number - 1, field), value)
    return text
