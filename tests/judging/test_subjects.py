"""What panellists are shown: every text a player can meet there, in nobody's order, and never a key."""

from pme.content.shapes import BriefNode, Variant
from pme.judging.subjects import dealt, subjects_to_judge, subjects_to_rate
from tests.support.library import quiz, scenario


def test_a_decision_comes_with_the_texts_that_lead_to_it_and_all_its_options():
    first, second = subjects_to_rate(scenario())
    assert first.id == "d1"
    assert first.prompt_html == "What should you do first?"
    assert [(p.story_time, p.texts, p.is_one_of) for p in first.passages] == [
        ("14:00", ("<p>Someone waits.</p>",), False)
    ]
    assert [html for _, html in first.options] == ["Do listen", "Do wait", "Do shout"]
    assert [(len(p.texts), p.is_one_of) for p in second.passages] == [(2, True)]


def test_briefs_in_a_row_are_all_shown_in_the_order_they_are_read():
    story = scenario()
    before = BriefNode(id="before", variants=(Variant(text_html="<p>First.</p>"),), goto="brief")
    loop = BriefNode(id="loop", variants=(Variant(text_html="<p>Again.</p>"),), goto="loop")
    told = story.model_copy(update={"nodes": {"before": before, "loop": loop, **story.nodes}})
    texts = [passage.texts[0] for passage in subjects_to_rate(told)[0].passages]
    assert texts == ["<p>First.</p>", "<p>Someone waits.</p>"]


def test_nothing_shown_holds_feedback_a_rating_or_a_condition():
    shown = repr([*subjects_to_rate(scenario()), *subjects_to_judge(quiz())])
    for secret in ("feedback", "trust", "CANARY source", "must_not", "rating="):
        assert secret not in shown, secret


def test_every_item_is_judged_as_candidates_see_it():
    items = subjects_to_judge(quiz())
    assert [item.id for item in items] == [item.id for item in quiz().items]
    assert all(item.options == () for item in items)
    assert set(items[0].shown) == {"Answer alpha", "Answer bravo", "Answer charlie"}
    assert set(items[3].shown) == {"sun", "moon", "day", "night", "noon"}
    assert set(items[4].shown) == {"Step golf", "Step hotel", "Step india"}


def test_options_are_dealt_to_each_panellist_anew_and_stay_as_dealt():
    options = [(str(number), f"<b>{number}</b>") for number in range(8)]
    one, again, other = dealt(options, to="1"), dealt(options, to="1"), dealt(options, to="2")
    assert one == again
    assert one != other
    assert sorted(one) == sorted(other) == options
