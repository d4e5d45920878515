"""Publishing is all or nothing, changes only what changed, and never changes a version."""

from collections import OrderedDict
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.content import catalogue
from pme.content.library import Kind, Library
from pme.content.models import ContentVersion, MediaFile, Publication, PublicationEntry
from pme.content.publish import canonical, publish, sha256_of
from pme.content.shapes import Module, Quiz, Scenario
from pme.db import Database
from pme.errors import NotFound, Refused
from tests.content.small_library import COURSE, GLOSSARY, PAGE, QUIZ, SCENARIO, Shelf

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERYTHING = ("course/core", "glossary/en", "module/listening", "quiz/listening-check", "scenario/gate")


def published(
    session: Session, library: Library, note: str = "test"
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    done = publish(session, library, by_id=None, at=AT, note=note)
    return done.changed, done.unchanged, done.retired


def rows(session: Session) -> tuple[int, ...]:
    tables = (ContentVersion, MediaFile, Publication, PublicationEntry)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.check().require()


def test_everything_is_published_the_first_time(session: Session, library: Library):
    changed, unchanged, _ = published(session, library)
    assert set(changed) >= set(EVERYTHING)
    assert unchanged == ()
    shelf_now = catalogue.current(session)
    module = shelf_now.module("listening")
    assert module is not None
    assert module.content.title == "Listening"
    assert shelf_now.glossary.term("consent") is not None
    assert [course.content.slug for course in shelf_now.courses] == ["core"]
    quiz, scenario = shelf_now.quiz("listening-check"), shelf_now.scenario("gate")
    assert quiz is not None
    assert scenario is not None
    assert shelf_now.course("core") is not None
    finders = (shelf_now.course, shelf_now.module, shelf_now.quiz, shelf_now.scenario)
    assert [find("unheard-of") for find in finders] == [None] * 4


def test_what_was_published_before_and_is_not_there_now_is_retired(session: Session, library: Library):
    published(session, library)
    fewer = Library(
        tuple(entry for entry in library.entries if entry.kind is not Kind.GLOSSARY), library.media
    )
    changed, unchanged, retired = published(session, fewer)
    assert (changed, retired) == ((), ("glossary/en",))
    assert set(unchanged) == set(EVERYTHING) - {"glossary/en"}
    assert catalogue.current(session).glossary.terms == ()


def test_publishing_again_writes_nothing(session: Session, library: Library):
    first = publish(session, library, by_id=7, at=AT, note="first")
    before = rows(session)
    again = publish(session, library, by_id=8, at=AT, note="again")
    assert (again.publication_id, again.changed, again.retired) == (first.publication_id, (), ())
    assert rows(session) == before


def test_only_what_changed_gets_a_new_version(session: Session, shelf: Shelf, library: Library):
    published(session, library)
    versions, pictures, _, _ = rows(session)
    shelf.change(PAGE, "Go on to", "Now go on to")
    changed, unchanged, retired = published(session, shelf.check().require())
    assert (changed, retired) == (("module/listening",), ())
    assert set(unchanged) == set(EVERYTHING) - {"module/listening"}
    assert rows(session)[:2] == (versions + 1, pictures)


def test_a_change_that_students_do_not_see_is_no_change(session: Session, shelf: Shelf, library: Library):
    published(session, library)
    shelf.write(COURSE, "# A comment.\n" + shelf.text(COURSE))
    assert published(session, shelf.check().require())[0] == ()


def test_going_back_uses_the_version_that_was(session: Session, shelf: Shelf, library: Library):
    published(session, library)
    was = catalogue.current(session).module("listening")
    shelf.change(PAGE, "Go on to", "Now go on to")
    published(session, shelf.check().require())
    published(session, library)
    assert catalogue.current(session).module("listening") == was


def test_a_version_is_what_students_are_served_and_its_hash(session: Session, library: Library):
    published(session, library)
    row = session.scalars(select(ContentVersion).where(ContentVersion.slug == "gate")).one()
    entry = next(each for each in library.entries if each.slug == "gate")
    assert row.compiled == canonical(entry.content)
    assert row.sha256 == sha256_of(row.compiled)
    assert SCENARIO in row.source
    assert Scenario.model_validate_json(row.compiled) == entry.content


def test_errors_refuse_the_whole_library_and_leave_nothing(session: Session, shelf: Shelf, library: Library):
    before = rows(session)
    shelf.change(QUIZ, "min_percent: 90", "min_percent: 900")
    report = shelf.check()
    assert report.library is None
    with pytest.raises(Refused, match="min_percent"):
        report.require()
    broken = Library(library.entries, library.media, report.problems)
    with pytest.raises(Refused, match=f"{QUIZ}:8"):
        publish(session, broken, by_id=None, at=AT, note="")
    assert rows(session) == before


def test_the_same_name_twice_is_refused(session: Session, library: Library):
    twice = Library((*library.entries, library.entries[0]), library.media)
    with pytest.raises(Refused, match="is there twice"):
        publish(session, twice, by_id=None, at=AT, note="")


def test_an_old_version_stays_readable(session: Session, shelf: Shelf, library: Library):
    published(session, library)
    old = catalogue.current(session).quiz("listening-check")
    assert old is not None
    shelf.change(QUIZ, "min_percent: 90", "min_percent: 80")
    published(session, shelf.check().require())
    new = catalogue.current(session).quiz("listening-check")
    assert new is not None
    assert new.version_id != old.version_id
    assert catalogue.version(session, old.version_id) == old
    assert catalogue.pinned(session, old.version_id, Quiz).content.pass_rule.min_percent == 90
    with pytest.raises(NotFound):
        catalogue.pinned(session, old.version_id, Module)
    with pytest.raises(NotFound):
        catalogue.version(session, 10**9)


def test_media_is_served_by_its_hash(session: Session, library: Library):
    published(session, library)
    (picture,) = library.media.values()
    found = catalogue.media(session, picture.sha256)
    assert found is not None
    assert (found.name, found.mime, found.body) == ("figure.svg", "image/svg+xml", picture.content)
    assert catalogue.media(session, "0" * 64) is None


def test_the_catalogue_is_built_once_a_publication(session: Session, shelf: Shelf, library: Library):
    published(session, library)
    now = catalogue.current(session)
    assert catalogue.current(session) is now
    shelf.change(GLOSSARY, "A free", "A truly free")
    published(session, shelf.check().require())
    later = catalogue.current(session)
    assert later is not now
    assert later.publication_id != now.publication_id
    kept, was = later.quiz("listening-check"), now.quiz("listening-check")
    assert kept is not None
    assert was is not None
    assert kept.content is was.content


def test_parsed_content_is_kept_within_bounds(
    session: Session, library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catalogue, "PARSED_KEPT", 2)
    monkeypatch.setattr(catalogue, "_parsed", OrderedDict())
    published(session, library)
    assert catalogue.current(session).module("listening") is not None
    assert len(catalogue._parsed) <= 2


def test_before_the_first_publication_there_is_nothing(session: Session):
    for table in (PublicationEntry, Publication):
        session.query(table).delete()
    nothing = catalogue.current(session)
    assert nothing.publication_id is None
    assert nothing.courses == ()
    assert nothing.glossary.terms == ()


def test_many_may_publish_at_once(database: Database, shelf: Shelf, library: Library):
    shelf.change(PAGE, "Go on to", "Now go on to")
    others = shelf.check().require()
    start, failures = Barrier(4), []

    def run(mine: Library) -> None:
        start.wait()
        try:
            with database.writing() as session:
                publish(session, mine, by_id=None, at=AT, note="at once")
        except Exception as error:  # noqa: BLE001  (whatever it is, it must not happen)
            failures.append(error)

    threads = [Thread(target=run, args=(mine,)) for mine in (library, others, library, others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.session() as session:
        newest = catalogue.current(session)
        assert newest.module("listening") is not None
        names = session.execute(select(ContentVersion.kind, ContentVersion.slug, ContentVersion.sha256)).all()
        assert len(names) == len(set(names))
