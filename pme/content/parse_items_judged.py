"""Items that are a matter of judgement: ratings keyed by an author or a panel, and essays with a rubric. Pure."""

from itertools import pairwise

from pme.content.parse_fields import Form
from pme.content.parse_item_parts import FEWEST, Head, enough
from pme.content.parse_nodes import key_of
from pme.content.shapes import Criterion, EssayItem, RatedOption, RatingItem, RubricLevel
from pme.words.speech import _

MOST_POINTS = 100
FEWEST_WORDS, MOST_WORDS = 20, 3_000


def rating(form: Form, first: Head) -> RatingItem:
    """Ways to act, each with its key rating."""
    options = []
    for each in form.forms("options", _("{what}, option", what=form.what)):
        options.append(
            RatedOption(
                id=each.identifier("id"),
                text_html=each.inline("text"),
                key=key_of(each),
                feedback_html=each.inline("feedback"),
            )
        )
        each.finish()
    enough(form, "options", len(options))
    return RatingItem(**first, type="rating", options=tuple(options))


def essay(form: Form, first: Head) -> EssayItem:
    """A longer text with the rubric that it is marked by."""
    if first["confidence"] == "marked":
        form.error(
            "confidence", _("an essay is marked by hand; its confidence can be asked, but not marked.")
        )
    return EssayItem(
        **first,
        type="essay",
        rubric=tuple(
            _criterion(each) for each in form.forms("rubric", _("{what}, criterion", what=form.what))
        ),
        most_words=form.whole("most_words", low=FEWEST_WORDS, high=MOST_WORDS),
        model_html=form.paragraphs("model"),
    )


def _criterion(form: Form) -> Criterion:
    levels = []
    for each in form.forms("levels", _("{what}, level", what=form.what)):
        levels.append(
            RubricLevel(points=each.whole("points", low=0, high=MOST_POINTS), text=each.told("text"))
        )
        each.finish()
    points = [level.points for level in levels]
    if form.has("levels") and len(levels) < FEWEST:
        form.error("levels", _("a criterion has at least two levels."))
    elif any(before >= after for before, after in pairwise(points)):
        form.error("levels", _("levels go from the lowest to the highest, each with more points."))
    elif points and points[0] != 0:
        form.error("levels", _("the lowest level gives 0 points, so that an essay can get none."))
    criterion = Criterion(id=form.identifier("id"), title=form.told("title"), levels=tuple(levels))
    form.finish()
    return criterion
