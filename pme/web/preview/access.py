"""Who looks at what in a preview, by the key in its address: a draft, what is published, or a personal link."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock

from flask import current_app, g

from pme.authoring import outside, previews, queries
from pme.authoring.compiled import Compiled, compile_tree
from pme.authoring.models import Draft
from pme.authoring.models_preview import OutsideLink
from pme.content.edit import edited, published_tree
from pme.content.render_kept import KeptRenderings, RememberingRenderer
from pme.errors import NotAllowed, NotFound
from pme.people.queries import Visitor
from pme.permissions import Can, may
from pme.scope import everywhere, see_academy
from pme.web.loaders import catalogue, load_draft, may_author
from pme.web.rendering import rendering
from pme.web.session import db_session
from pme.web.signin import current_visitor, find_current_visitor, now
from pme.web.wrong_links import note_wrong_link
from pme.words.lazily import lazy
from pme.words.speech import _, current

PUBLISHED = "published"
TOUR = "tour"
DRAFT = re.compile(r"draft-([0-9]{1,9})\Z")
KEPT = 4
"""Drafts whose compiled state stays in a process."""
OPENED_FOR = timedelta(hours=12)
"""How long after somebody opened their link its pages open without the first page."""
CLOSED_LINK = lazy(
    "This link does not open anything. It may have expired, been closed, or be incomplete, or its text may "
    "be published by now. The person who sent it to you can send you another."
)


@dataclass(frozen=True)
class Looker:
    """Somebody who looks, and what they see. `courses` None: every course; `academy_id` None: no academy's own."""

    key: str
    owner: str
    shown: Compiled
    draft: Draft | None = None
    link: OutsideLink | None = None
    academy_id: int | None = None
    courses: frozenset[str] | None = None
    language: str | None = None

    @property
    def is_on_tour(self) -> bool:
        """Whether somebody tries the platform itself, in the courses that count for nothing."""
        return self.key == TOUR

    @property
    def title(self) -> str:
        """What is looked at, for the banner."""
        return _("draft {number}", number=self.draft.id) if self.draft else _("what is published now")

    @property
    def has_opened(self) -> bool:
        """Whether an outside reviewer came through the first page of their link lately."""
        return self.link is None or (self.link.used_at is not None and self.link.used_at > now() - OPENED_FOR)


@dataclass
class KeptDrafts:
    """The drafts that were looked at last, compiled, by everything they were made of."""

    renderings: KeptRenderings = field(default_factory=KeptRenderings)
    compiled: OrderedDict[str, Compiled] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def find(self, name: str) -> Compiled | None:
        """What is kept of a state, or None."""
        with self.lock:
            if name in self.compiled:
                self.compiled.move_to_end(name)
            return self.compiled.get(name)

    def keep(self, name: str, made: Compiled) -> Compiled:
        """Keep one more; the one not asked for longest goes."""
        with self.lock:
            self.compiled[name] = made
            while len(self.compiled) > KEPT:
                self.compiled.popitem(last=False)
        return made


def is_personal_link(key: str) -> bool:
    """Whether a key is the secret of a link, so that no account is needed."""
    return key not in (PUBLISHED, TOUR) and DRAFT.match(key) is None


def look(key: str) -> Looker:
    """Whoever comes with this key. Raises NotFound or NotAllowed where it opens nothing to them."""
    if is_personal_link(key):
        return _by_link(key)
    visitor = current_visitor()
    if key == TOUR:
        return _on_tour(visitor)
    if not (visitor.is_instructor or visitor.is_reviewer):
        raise NotAllowed(_("Your account has no access to this part of the platform."))
    number = DRAFT.match(key)
    if number:
        draft = load_draft(Can.SEE_DRAFTS, int(number[1]))
        owner = previews.owner_of(person_id=visitor.person_id, link_id=None, draft_id=draft.id)
        return Looker(key, owner, compiled(draft), draft, academy_id=visitor.academy_id)
    owner = previews.owner_of(person_id=visitor.person_id, link_id=None, draft_id=None)
    return Looker(
        key,
        owner,
        Compiled(catalogue()),
        academy_id=visitor.academy_id,
        courses=None
        if may_author()
        else frozenset(slug for slug in visitor.teaches if may(visitor, Can.SEE_QUALITY, slug)),
    )


def _on_tour(visitor: Visitor) -> Looker:
    """Anybody who is signed in, in the tours that are published, in the language that is spoken to them."""
    known = catalogue()
    return Looker(
        TOUR,
        previews.owner_of(person_id=visitor.person_id, is_tour=True),
        Compiled(known),
        academy_id=visitor.academy_id,
        courses=frozenset(each.content.slug for each in known.tours),
        language=visitor.reading_language or current(),
    )


def looker() -> Looker:
    """Who looks in this request."""
    found: Looker = g.looker
    return found


def look_again() -> Looker:
    """The same after the draft's link was read anew, in a transaction."""
    who = looker()
    if who.link is None:
        return who
    opened = outside.open_by(db_session(), who.key, at=now(), for_update=True)
    if opened is None:
        raise NotFound(CLOSED_LINK)
    return replace(who, link=opened[0])


def compiled(draft: Draft) -> Compiled:
    """A draft as students would be served it, made anew when anything of it changes."""
    session = db_session()
    kept: KeptDrafts = current_app.extensions.setdefault("pme_previews", KeptDrafts())
    name = f"{now():%Y-%m-%d} {current()} {queries.digest_of(session, draft.id)}"
    if (found := kept.find(name)) is not None:
        return found
    tree = edited(published_tree(session), queries.edits_of(session, draft.id))
    with rendering().turn() as renderer:
        remembering = RememberingRenderer(renderer, kept.renderings)
        return kept.find(name) or kept.keep(
            name, compile_tree(tree, remembering, today=now().date(), published=catalogue())
        )


def _by_link(token: str) -> Looker:
    find_current_visitor()  # who is signed in is known first, since that narrows what is seen
    with everywhere(db_session()):
        opened = outside.open_by(db_session(), token, at=now())
    if opened is None:
        note_wrong_link()
        raise NotFound(CLOSED_LINK)
    link, draft = opened
    see_academy(db_session(), draft.academy_id)
    owner = previews.owner_of(person_id=None, link_id=link.id, draft_id=draft.id)
    shown = compiled(draft)
    # Somebody outside sees the courses that the draft changes, and no other.
    courses = shown.courses_of(queries.stamps_of(db_session(), draft.id))
    return Looker(token, owner, shown, draft, link, courses=courses)
