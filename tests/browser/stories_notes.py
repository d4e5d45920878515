"""The stories of a notebook behind the album: kept, refused, changed, deleted, and after another edition."""

from pme.content.catalogue import current
from pme.content.publish import publish
from pme.db import Database
from tests.browser.album import Album
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.library import library

PAGE = "/learn/other/elsewhere/first"
PASSAGE = "A claim about a word."
LONG = "A thought that goes on and on, with Donaudampfschifffahrtsgesellschaftskapitänsmütze in it. " * 12


def noted(album: Album, baker: Visit, database: Database) -> None:
    """Baker keeps notes, highlights and a bookmark; then the page is published anew, and one passage is gone."""
    album.walk(baker, ("/notes", f"{PAGE}/passages"), "nothing kept yet")
    album.take(baker.get(PAGE).press("Save the note", text=" "), "an empty note")
    album.take(
        baker.get(PAGE).press("Highlight", quote="zebrawood", text="Why?"), "a passage that is not there"
    )
    chosen = album.take(baker.get(f"{PAGE}/passages").press("Highlight", text="Why?"), "no passage chosen")
    chosen.press("Highlight", passage=chosen.choices("passage")[PASSAGE], colour="amber")
    baker.get(PAGE).press("Highlight", quote="More", colour="teal")
    baker.get(PAGE).press("Highlight", quote="Text.", colour="clear", text="To be asked on Monday.\nTwice.")
    baker.get(PAGE).press("Save the note", text=LONG)
    page = album.take(baker.get(PAGE).press("Bookmark this page"), "with notes of one's own")
    album.take(baker.get(PAGE + "?lang=ar"), "with notes of one's own")
    baker.get(PAGE + "?lang=en")
    notes = [str(each) for each in page.tree.xpath("//main//a[starts-with(@href, '/notes/')]/@href")]
    album.walk(baker, notes, "to be changed")
    album.take(baker.get(notes[-1]).press("Save", text=""), "emptied")
    album.take(baker.post(f"{notes[-1]}/delete"), "a note just deleted")
    _published_anew(database)
    album.take(baker.get(PAGE), "after another edition")
    album.walk(baker, ("/notes", "/notes?course=other", "/notes?lang=ar"), "all notes")
    baker.get("/notes?lang=en")


def _published_anew(database: Database) -> None:
    with database.writing() as session:
        module = current(session).modules_by_slug["elsewhere"].content
        first = module.pages[0]
        changed = first.model_copy(update={"html": first.html.replace("Text.", "Other words.")})
        edition = module.model_copy(update={"pages": (changed, *module.pages[1:])})
        publish(session, library(edition), by_id=None, at=START, note="Say it better")
