"""Which fields a situation of a scenario has for its place, the people there and the radio. Pure."""

from pme.authoring.item_fields import Field, Fields
from pme.words.lazily import lazy

_SCENE = lazy("Place, people and radio")
SETTING: Fields = (
    Field(
        "place",
        lazy("Where it is"),
        hint=lazy("A few words, such as: The barrier at the north gate, in the rain. Invented places only."),
        is_optional=True,
        fold=_SCENE,
    ),
    Field(
        "people",
        lazy("Who is there"),
        "lines",
        lazy(
            "One per line, such as: Lind: the sergeant of the gate. Only what anyone would see; nothing "
            "graphic."
        ),
        rows=3,
        is_optional=True,
        fold=_SCENE,
    ),
    Field(
        "radio",
        lazy("What is heard on the radio"),
        "lines",
        lazy(
            "One per line: call sign, colon, words. Such as: Gate Two: Zero, one person at the barrier. Over."
        ),
        rows=4,
        is_optional=True,
        fold=_SCENE,
    ),
)
