"""The commands that work on content in an installation: publish, drift, export.

The published files and the content folders are held against each other each time (`content.drift`).
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit, db, schema
from pme.authoring.queries import content_keeper
from pme.authoring.tasks import after_publishing
from pme.config import Settings, content_settings
from pme.config_limits import NO_LIMITS, Limits
from pme.content import kept_files
from pme.content.attachment_store import body_of
from pme.content.check import check
from pme.content.drift import Merged, Side, merge
from pme.content.edit import published_tree
from pme.content.files import Tree, read_tree, write_back, write_new
from pme.content.models import Publication
from pme.content.problems import Findings
from pme.content.publish import bring, expect, newest, publish
from pme.content.render import Renderer
from pme.content.translation import State, source_of
from pme.content.translation_edit import Change, with_changes
from pme.content.translation_files import kind_of, matched_in, parts_of
from pme.db import Database
from pme.errors import Conflict, Invalid


def opened(settings: Settings, *, limits: Limits = NO_LIMITS) -> AbstractContextManager[Database]:
    """The installation's database for one command, all of whose tables are known once this file is loaded."""
    return db.opened(settings, limits=limits)


def publish_content(given: argparse.Namespace) -> int:
    """Publish the files as they are now."""
    settings = Settings.from_environment()
    with opened(settings) as database:
        schema.upgrade(database)
        take = Side(given.take) if given.take else None
        return 0 if publish_folder(settings, database, note=given.note, is_required=True, take=take) else 1


def drift(_given: argparse.Namespace) -> int:
    """Say which files are not the same in the folder and as published."""
    settings = Settings.from_environment()
    folder = read_tree(settings.modules_dir, settings.quizzes_dir)
    with opened(settings) as database, database.session() as session:
        merged, published = _merged(session, folder, None), published_tree(session).files
    for path in merged.conflicts:
        print(f"{path}: edited both in the browser and in the folder, differently")
    for path in merged.edited:
        if path not in merged.conflicts:
            print(f"{path}: edited in the browser; not yet in the folder")
    waiting = [
        path
        for path in sorted({*merged.tree.files, *published})
        if path not in merged.conflicts and merged.tree.files.get(path) != published.get(path)
    ]
    for path in waiting:
        print(f"{path}: changed in the folder; not yet published")
    apart = len({*merged.conflicts, *merged.edited, *waiting})
    print("The folder and what is published are the same." if not apart else f"Files that differ: {apart}.")
    return 1 if apart else 0


def export(given: argparse.Namespace) -> int:
    """Write the published files to a new folder, or what was edited in the browser back to the content folders."""
    settings = Settings.from_environment()
    with opened(settings) as database:
        with database.session() as session:
            published = published_tree(session).files
            folder = read_tree(settings.modules_dir, settings.quizzes_dir)
            merged = _merged(session, folder, None)
        if not given.back:
            if given.folder is None:
                raise Invalid("Name a new folder (`pme export DIR`), or write back with `pme export --back`.")
            with database.session() as session:
                write_new(given.folder, published, partial(body_of, session))
            print(f"{len(published)} files are in {given.folder}.")
            return 0
        wanted = [path for path in merged.edited if path not in merged.conflicts]
        roots = {"modules": settings.modules_dir, "quizzes": settings.quizzes_dir}
        with database.session() as session:
            write_back(roots, {path: published.get(path) for path in wanted}, partial(body_of, session))
        print(f"{len(wanted)} files were written back.")
        if merged.conflicts:
            print(_apart(merged.conflicts), file=sys.stderr)
            return 1
        return (
            0
            if publish_folder(settings, database, note="written back to the folder", is_required=True)
            else 1
        )


def mark_translation(given: argparse.Namespace) -> int:
    """Say of every unmarked text in a translation file that it translates what its source says now."""
    modules, quizzes, _ = content_settings(None, None)
    tree = read_tree(modules, quizzes)
    for path in given.files:
        source_path, _ = parts_of(path) or ("", "")
        if path not in tree.files or source_path not in tree.files:
            raise Invalid(
                f"{path} is not a translation. Name one, such as modules/first-response/module.fr.md."
            )
        kind, text, findings = kind_of(source_path), tree.text(path), Findings(path)
        stands = matched_in(tree, source_path, path, findings).stands
        if findings.broken:
            raise Invalid("\n".join(map(str, findings.problems)))
        places = [stand.block.place for stand in stands if stand.state is State.UNMARKED]
        source = source_of(kind, tree.text(source_path))
        edited = with_changes(kind, text, source, {place: Change() for place in places})
        write_back({"modules": modules, "quizzes": quizzes}, {path: edited.encode()})
        print(f"{path}: {len(places)} marked.")
    return 0


def publish_folder(
    settings: Settings, database: Database, *, note: str, is_required: bool, take: Side | None = None
) -> bool:
    """Publish the content folders with the browser's edits in them, and say what was done."""
    folder = read_tree(settings.modules_dir, settings.quizzes_dir)
    with database.session() as session:
        merged = _merged(session, folder, take)
    with Renderer(settings.render_seconds) as renderer:
        report = check(merged.tree, renderer, today=datetime.now(UTC).date())
    if report.library is None or merged.conflicts:
        if merged.conflicts:
            print(_apart(merged.conflicts), file=sys.stderr)
        if report.library is None:
            print(report.text, file=sys.stderr)
            print("The content has errors: correct those above.", file=sys.stderr)
        print("Nothing was published." if is_required else _still_served(database), file=sys.stderr)
        return False
    at = datetime.now(UTC)
    with database.writing() as session:
        expect(session, report.library, at=at)
    with database.session() as session:
        brought = bring(session, report.library)
    with database.writing() as session:
        if _merged(session, folder, take) != merged:
            raise Conflict("Something else was published at the same moment. Publish again.")
        current = newest(session)
        before = current.id if current else None
        done = publish(
            session,
            report.library,
            by_id=None,
            at=at,
            note=note,
            folder=kept_files.hashes(folder.files),
            brought=brought,
        )
        keeper = content_keeper(session, settings.content_academy)
        if keeper is not None:
            after_publishing(session, academy_id=keeper, before=before, after=done.publication_id, at=at)
        if done.changed or done.retired:
            audit.record(
                session,
                "content published",
                actor="command line",
                subject=f"publication {done.publication_id}",
                at=at,
                detail={"changed": list(map(str, done.changed)), "retired": list(map(str, done.retired))},
            )
    print(
        f"Content: {len(done.changed)} changed, {len(done.unchanged)} unchanged, {len(done.retired)} retired."
    )
    if merged.edited:
        print(_not_in_the_folder(merged.edited))
    return True


def _merged(session: Session, folder: Tree, take: Side | None) -> Merged:
    current = newest(session)
    number = current.id if current else None
    published = kept_files.tree_of(session, number).files
    return merge(folder, published, kept_files.files_of(session, number), take)


def _apart(paths: Sequence[str]) -> str:
    return (
        "Edited both in the browser and in the folder, differently:\n"
        + "\n".join(f"  {path}" for path in paths)
        + "\nCompare them with `pme export DIR`, then publish with --take folder or --take published."
    )


def _not_in_the_folder(paths: Sequence[str]) -> str:
    return (
        "Edited in the browser and not yet in the folder (`pme export --back` writes them there):\n"
        + "\n".join(f"  {path}" for path in paths)
    )


def _still_served(database: Database) -> str:
    with database.session() as session:
        was_published = session.scalar(select(Publication.id).limit(1)) is not None
    return "The content published before is still served." if was_published else "Nothing is published yet."
