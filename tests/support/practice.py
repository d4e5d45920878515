"""The checks on the first page of the small library: one of most kinds, their secrets marked as CANARY."""

from pme.content.shapes import (
    AnyItem,
    Citation,
    Key,
    MatchingItem,
    NumericItem,
    Option,
    OrderingItem,
    Page,
    PageCheck,
    Pair,
    RatedOption,
    RatingItem,
    SequenceStep,
    SingleItem,
    Source,
)

CHECKED = Citation(source=Source(key="CHECKED-2021", title="CANARY check source", body="B", date="2021"))
OPTIONS = (("papa", True), ("quebec", False), ("romeo", False))


def items() -> tuple[AnyItem, ...]:
    """A single with confidence, an ordering, a number, a rating and a matching."""
    head = {"outcome": "LO1", "difficulty": "easy", "refs": (CHECKED,)}
    return (
        SingleItem(
            **head,  # type: ignore[arg-type]
            id="CANARY-check-one",
            type="single",
            confidence="asked",
            stem_html="Which of the checks?",
            options=tuple(
                Option(
                    id=f"CANARY-check-{name}",
                    text_html=f"Choose {name}",
                    correct=correct,
                    feedback_html=f"CANARY check {name}",
                )
                for name, correct in OPTIONS
            ),
        ),
        OrderingItem(
            **head,  # type: ignore[arg-type]
            id="CANARY-check-two",
            type="ordering",
            scoring="per-option",
            stem_html="In which order of the checks?",
            sequence=tuple(
                SequenceStep(
                    id=f"CANARY-check-{name}", text_html=f"Step {name}", feedback_html=f"CANARY check {name}"
                )
                for name in ("sierra", "tango", "uniform")
            ),
        ),
        NumericItem(
            **head,  # type: ignore[arg-type]
            id="CANARY-check-three",
            type="numeric",
            stem_html="How many checks?",
            answer="73",
            tolerance="1",
            unit="checks",
            right_feedback_html="CANARY check number right",
            wrong_feedback_html="CANARY check number wrong",
        ),
        RatingItem(
            **head,  # type: ignore[arg-type]
            id="CANARY-check-four",
            type="rating",
            stem_html="How well do the checks serve?",
            options=tuple(
                RatedOption(
                    id=f"CANARY-check-{name}",
                    text_html=f"Act {name}",
                    key=Key(by="author", rating=rating),
                    feedback_html=f"CANARY check {name}",
                )
                for name, rating in (("victor", 4), ("whiskey", 1))
            ),
        ),
        MatchingItem(
            **head,  # type: ignore[arg-type]
            id="CANARY-check-five",
            type="matching",
            scoring="per-option",
            stem_html="Which checks belong together?",
            pairs=tuple(
                Pair(
                    id=f"CANARY-check-{left}",
                    left_html=f"Left {left}",
                    right_html=f"Right {right}",
                    right_id=f"CANARY-check-{right}",
                    feedback_html=f"CANARY check {left}",
                )
                for left, right in (("xray", "yankee"), ("zulu", "zebra"))
            ),
        ),
    )


def with_checks(page: Page) -> Page:
    """The page with its first check before its section, and the others at its end."""
    places = [page.html.index("<h2"), *[len(page.html)] * 4]
    checks = (
        PageCheck(bank="CANARY-bank", item=item, at=at) for item, at in zip(items(), places, strict=True)
    )
    return page.model_copy(update={"checks": tuple(checks)})
