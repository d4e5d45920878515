"""Several questions of a quiz, or files of a module, are acted on at once, and that is undone as one act."""

import pytest

from pme.authoring.item_many import arranged, with_field, without
from pme.content.yaml_edit import read
from pme.db import Database
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_given_up import as_stored
from tests.authoring.test_media import send
from tests.authoring.test_removals import kept, stem_of
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, Shelf
from tests.support import media_files as make
from tests.support.client import Page

TEXT = "title: T\nitems:\n" + "".join(
    f"  # about {each}\n  - id: {each}\n    outcome: LO1\n" for each in "abcde"
)


def order(text: str) -> str:
    content = read(text)
    assert isinstance(content, dict)
    return "".join(str(each["id"]) for each in content["items"])  # type: ignore[index,call-overload]


def ids(page: Page) -> list[str]:
    """The short names of the questions of a quiz, from the top."""
    lines = page.tree.xpath("//li[starts-with(@id, 'question-')]/div/p[1]")
    return [" ".join(line.xpath("string()").split()).partition(" ")[0] for line in lines]


@pytest.mark.parametrize(
    ("chosen", "behind", "becomes"),
    [
        ([1, 2], 5, "cdeab"),
        ([4, 5], 0, "deabc"),
        ([1, 5], 3, "bcaed"),
        ([5, 1], 3, "bcaed"),
        ([2, 4], 4, "acbde"),
        ([1, 2, 3, 4, 5], 2, "abcde"),
        ([1], 1, "abcde"),
    ],
)
def test_questions_stand_together_behind_the_one_that_is_named(chosen: list[int], behind: int, becomes: str):
    text = arranged(TEXT, chosen, 5, behind=behind)
    assert order(text) == becomes
    for each in "abcde":
        assert f"# about {each}\n  - id: {each}" in text, "comments go with what they are about"


def test_several_are_taken_out_and_an_emptied_list_is_still_one():
    assert order(without(TEXT, [2, 4, 4], 5)) == "ace"
    assert read(without(TEXT, [1, 2, 3, 4, 5], 5)) == {"title": "T", "items": []}
    assert with_field(TEXT, [1, 3], "outcome", "LO2").count("LO2") == 2


@pytest.mark.parametrize("act", ["delete", "move", "outcome", "difficulty"])
def test_every_act_on_several_questions_is_undone_to_the_letter(
    published: Shelf, database: Database, visit: Visits, act: str
):
    clarke = visit("clarke")
    draft = begin(clarke)
    before, page = as_stored(database), clarke.get(f"{draft}/questions/{QUIZ}")
    first = ids(page)
    if act == "delete":
        done = page.press("Delete those chosen", question=["2", "3"])
        assert "2 questions are deleted from the draft." in done.words
        assert "it is also under Deleted in this draft" in done.words
        assert ids(done) == [first[0], *first[3:]]
        assert f"Questions {first[1]}, {first[2]}" in clarke.get(draft).words
    elif act == "move":
        done = page.press("Move", question=["1", "3"], behind=str(len(first)))
        assert "2 questions are moved." in done.words
        assert ids(done) == [each for each in first if each not in (first[0], first[2])] + [
            first[0],
            first[2],
        ]
        assert "Deleted in this draft" not in done.words
        assert "Deleted in this draft" not in clarke.get(draft).words
    elif act == "outcome":
        done = page.press("Set the outcome", question=["1", "2"], outcome="LO2")
        assert "2 questions are changed." in done.words
    else:
        everything = page.follow("Choose all on this page")
        assert everything.tree.xpath("count(//input[@name='question'][@checked])") == len(first)
        assert everything.follow("Choose none").tree.xpath("count(//input[@name='question'][@checked])") == 0
        done = everything.press("Set the difficulty", difficulty="hard")
        assert f"{len(first)} questions are changed." in done.words
        assert "questions are changed." in done.words
    assert as_stored(database) != before
    undone = done.press("Undo")
    assert undone.status == 200
    assert ids(undone) == first
    assert as_stored(database) == before
    assert kept(database) == (0, 0)


def test_what_others_wrote_since_stays_and_what_cannot_be_undone_says_so(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/questions/{QUIZ}")
    gone = page.press("Delete those chosen", question=["2", "3"])
    stem_of(davis, draft, 4, "Davis asks?")
    back = gone.press("Undo")
    assert "Davis asks?" in back.words
    assert ids(back) == ids(page)
    hard = back.press("Set the difficulty", question=["1"], difficulty="hard")
    again = hard.press("Set the difficulty", question=["1"], difficulty="medium")
    assert "question is changed" in again.words
    late = hard.press("Undo")
    assert "changed at the same place since, so this cannot be undone automatically" in late.words


def test_nothing_is_changed_where_nothing_is_chosen_or_somebody_saved_meanwhile(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/questions/{QUIZ}")
    before = as_stored(database)
    assert "choose at least one question" in page.press("Delete those chosen").words
    assert "choose at least one question" in page.press("Move", question=["99", "x"]).words
    assert "choose what those chosen" in page.press("Set the outcome", question=["1"]).words
    assert "choose what those chosen" in page.press("Set the outcome", question=["1"], outcome="LO99").words
    assert "like that already" in page.press("Move", question=["1"], behind="0").words
    assert as_stored(database) == before
    stem_of(davis, draft, 1, "Davis asks?")
    stands = as_stored(database)
    assert "Somebody else has changed this file" in page.press("Delete those chosen", question=["2"]).words
    assert as_stored(database) == stands


def test_several_files_are_removed_and_come_back_with_their_words(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    send(clarke, draft, make.film(), "film.mp4", transcript="Listen first.")
    before, page = as_stored(database), clarke.get(f"{draft}/modules/listening/media")
    gone = page.press("Remove those chosen", medium=["film.mp4", "steps.svg"])
    assert "2 files are removed in this draft." in gone.words
    assert "steps.svg is still shown on" in gone.words
    assert "film.mp4" not in clarke.get(f"{draft}/modules/listening/media").text
    back = gone.press("Undo")
    assert "Files film.mp4, steps.svg are back." in back.words
    assert as_stored(database) == before
    nothing = back.press("Remove those chosen", medium=["no-such.png"])
    assert "choose at least one file" in nothing.words
    all_gone = nothing.follow("Choose all on this page").press("Remove those chosen")
    assert "2 files are removed in this draft." in all_gone.words


def test_several_files_are_taken_out_of_a_draft_and_put_back_as_one(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    stem_of(clarke, draft, 1, "Clarke asks?")
    assert "With the files chosen" not in clarke.get(draft).words, "one file has its own button"
    change(clarke, draft, PAGE, "You ask for", "You always ask for")
    send(clarke, draft, make.film(), "film.mp4", transcript="Listen first.")
    before, page = as_stored(database), clarke.get(draft)
    out = page.follow("Choose all on this page").press("Take those chosen out")
    assert "files are out of the draft." in out.words
    assert "Deleted in this draft" not in out.words
    assert "Nothing changed yet" in out.words
    assert "Taken out" in out.words
    back = out.press("Undo")
    assert "as before." in back.words
    assert as_stored(database) == before
    assert kept(database) == (0, 0)
    some = back.press("Take those chosen out", file=[PAGE, QUIZ])
    assert "2 files are out of the draft." in some.words
    change(davis, draft, PAGE, "You ask for", "Davis asks for")
    late = some.press("Undo")
    assert "was changed at the same place since, so this cannot be undone automatically" in late.words
    assert "Davis asks for" in clarke.get(f"{draft}/file/{PAGE}").text
    assert "choose at least one file" in page.press("Take those chosen out", file=["modules/none.md"]).words
