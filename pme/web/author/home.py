"""Where the links and pictures of a page lead while it is looked at in a draft instead of among students."""

import re

from flask import url_for

from pme.authoring import queries
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, file_name
from pme.content.parse_page import Surroundings
from pme.errors import Invalid
from pme.web.author.editors import editor_address
from pme.web.session import db_session

_PAGE_LINK = re.compile(r'href="\.\./([a-z0-9-]+)/([a-z0-9-]*)(?:#[\w-]+)?"')


class Home:
    """A draft as the home of a page that is looked at."""

    def __init__(self, draft: Draft, around: Surroundings) -> None:
        self.draft_id = draft.id
        paths = queries.paths_of(db_session(), draft.id)
        # Only the draft has the pictures that it brings: what is published is shown from where students get it.
        mine = queries.stamps_of(db_session(), draft.id)
        self._pictures = {
            f'"/media/{media.sha256}/{media.name}"': path
            for picture in around.pictures.values()
            if picture is not None
            for media, path in picture.places
            if path in mine
        }
        self._pages = dict(_named(path) for path in paths)

    def shown(self, html: str) -> str:
        """A stretch of a page with links to the editors of other pages, and pictures from the draft."""
        for address, path in self._pictures.items():
            here = url_for("author.draft_picture", draft_id=self.draft_id, path=path)
            html = html.replace(address, f'"{here}"')
        return _PAGE_LINK.sub(self._link, html)

    def _link(self, link: re.Match[str]) -> str:
        path = self._pages.get((link[1], link[2]))
        contents = url_for("author.contents", draft_id=self.draft_id)
        return f'href="{editor_address(self.draft_id, file_name(path)) if path else contents}"'


def _named(path: str) -> tuple[tuple[str, str], str]:
    """A path by its module and page, the introduction of a module by an empty page."""
    try:
        name = file_name(path)
    except Invalid:
        return ("", path), path
    is_page = name.kind in (FileKind.PAGE, FileKind.MODULE) and not name.language
    return ((name.slug, name.part.partition("-")[2]) if is_page else ("", path)), path
