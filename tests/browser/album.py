"""An album: pages as they were sent, to be looked at by a browser later, all at once.

Stories are played with the fast test client, and each page that comes up is kept, with its headers.
`Replay` serves them again under addresses of their own, so that a browser need not live the stories.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from lxml import html
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from pme.words.languages import LANGUAGES, OWN_NAMES, SOURCE
from tests.support.browser import AXE
from tests.support.client import Page, Visit

VARIES = re.compile(
    r'name="csrf_token"[^>]*value="[^"]+"|<span class="code">[0-9a-f]{12}</span>|<bdi data-visitor>.*?</bdi>|'
    r'next=[^"]+|[A-Z][a-z]+ Person|\d\d:\d\d:\d\d|data-(?:key|by|seen|account)="[^"]*"|data-worker="[^"]*"'
)
"""What may differ between two pages that are the same for our purpose."""
TOLD_APART = ("class", "role", "type", "open", "hidden")
"""The attributes by which two elements of one name are different parts of a page."""
SEEN, BARE, SPOKEN = "/seen/", "/bare/", "/spoken/"
OTHERS = tuple(language for language in LANGUAGES if language != SOURCE)
"""The languages beside English."""
PRINTED = ("student.page_pdf", "preview.page_pdf")
"""Pages on paper."""
FOLLOWED = 4
"""So many addresses of one kind each visitor of the cast follows; the others have to be addresses of pages. What is
shipped, and the soak, follow all."""
SCRIPT = re.compile(rb"<script[^>]*></script>")
AXE_AT = "/axe.min.js"
WITH_AXE = f'<script src="{AXE_AT}" defer></script></head>'.encode()
"""Sent along, since the browser compiles once what comes from one address, and each time what its driver brings."""
FOR_GOOD = [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=86400, immutable")]


@dataclass(frozen=True)
class Picture:
    """One page as it was sent."""

    name: str
    endpoint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def html(self) -> str:
        """The page as text."""
        return self.body.decode()

    @property
    def parts(self) -> frozenset[tuple[str, ...]]:
        """What the page is made of: its kinds of elements and what each stands in. Drawings count as one."""
        parts: set[tuple[str, ...]] = set()
        left = [("", html.document_fromstring(self.html))]
        while left:
            around, element = left.pop()
            if isinstance(element.tag, str):
                parts.add((around, element.tag, *(element.get(name, "") for name in TOLD_APART)))
                left += [] if element.tag == "svg" else [(element.tag, each) for each in element]
        return frozenset(parts)


class Album:
    """Pictures of pages, each different, and what is wrong with where they lead.

    `spoken` are pages in other languages than English: one for each kind of page, the languages in turns, or, of an
    album of every language, each picture that can be asked for again, in all of them.
    """

    def __init__(self, app: Flask, *, every_language: bool = False, every_link: bool = False) -> None:
        self.app = app
        self.pictures: list[Picture] = []
        self.spoken: list[Picture] = []
        self._every_language = every_language
        self._heard: set[str] = set()
        self.dead_ends: list[str] = []
        self.shown: dict[str, Response] = {}
        self._seen: set[str] = set()
        self._printed: set[str] = set()
        self._followed: set[tuple[str, str]] = set()
        self._ways: Counter[tuple[str, str, str]] = Counter()
        self._every_link = every_language or every_link

    def walk(self, visit: Visit, addresses: Iterable[str], when: str, *, dead_ends: bool = True) -> None:
        """Take a picture of each of these addresses, as this visitor finds it."""
        for address in addresses:
            response = visit.fetch(address, follow_redirects=True)
            if VARIES.sub("", response.get_data(as_text=True)) not in self._seen:
                self.take(Page(visit, response), when, dead_ends=dead_ends)

    def take(self, page: Page, when: str, *, dead_ends: bool = True) -> Page:
        """Keep a page, unless the same was kept before."""
        look = VARIES.sub("", page.text)
        if page.tree is not None and look not in self._seen:
            self._seen.add(look)
            name = f"{page.path} for {page.visit.name}, {when}"
            self.keep(name, page.response, endpoint=self.endpoint_of(page.path, page.response.request.method))
            self._hear(page, name)
            for source in page.tree.xpath("//main//*[self::img or self::source or self::track]/@src"):
                there = urljoin(page.path, str(source))
                if there not in self.shown and not urlsplit(there).scheme:
                    self.shown[there] = page.visit.fetch(there)
            if dead_ends:
                self._try_what_can_be_pressed(page, name)
        return page

    def keep(self, name: str, response: Response, *, endpoint: str = "") -> None:
        """Keep a response, whatever came before it."""
        sent = (response.status_code, tuple(response.headers.items()), response.get_data())
        self.pictures.append(Picture(name, endpoint, *sent))

    def _hear(self, page: Page, name: str) -> None:
        """Ask for a page again in another language, or in each."""
        request, endpoint = page.response.request, self.pictures[-1].endpoint
        if request.method != "GET" or page.status != HTTPStatus.OK:
            return
        if self._every_language:
            wanted = OTHERS
        elif endpoint not in self._heard:
            wanted = (OTHERS[len(self._heard) % len(OTHERS)],)
        else:
            return
        self._heard.add(endpoint)
        for language in wanted:
            there = f"{request.path}?{urlencode({**request.args, 'lang': language})}"
            response = page.visit.fetch(there)
            sent = (response.status_code, tuple(response.headers.items()), response.get_data())
            self.spoken.append(Picture(f"{name}, in {OWN_NAMES[language]}", endpoint, *sent))

    def endpoint_of(self, path: str, method: str) -> str:
        """The endpoint that answers, or "" where there is none."""
        try:
            endpoint, _ = self.app.url_map.bind("").match(path.partition("?")[0], method=method)
        except (HTTPException, RequestRedirect):
            return ""
        return str(endpoint)

    @cached_property
    def firsts(self) -> frozenset[int]:
        """The numbers of pictures that show between them every part there is: each time the one with the most new.

        Asked for once the album is whole.
        """
        left = {number: picture.parts for number, picture in enumerate(self.pictures)}
        known: set[tuple[str, ...]] = set()
        firsts = set()
        while left:
            left = {number: new for number, parts in left.items() if (new := parts - known)}
            if left:
                best = max(left, key=lambda number: (len(left[number]), -number))
                firsts.add(best)
                known |= left.pop(best)
        return frozenset(firsts)

    @cached_property
    def repeats(self) -> frozenset[int]:
        """The numbers of the pictures that show nothing new: known parts, at an endpoint seen before.

        Asked for once the album is whole.
        """
        known: set[tuple[str, int]] = set()
        firsts, repeats = self.firsts, set()
        for number, picture in enumerate(self.pictures):
            kind = (picture.endpoint, picture.status)
            if kind in known and number not in firsts:
                repeats.add(number)
            known.add(kind)
        return frozenset(repeats)

    def _try_what_can_be_pressed(self, page: Page, name: str) -> None:
        """Without JavaScript: each link leads somewhere, and each form has an address and a button."""
        assert page.tree is not None
        ids = set(page.tree.xpath("//@id"))
        for link in page.tree.xpath("//a"):
            self._follow(page, str(link.get("href", "")), ids, name)
        for form in page.tree.xpath("//form"):
            method = form.get("method", "").upper()
            action = form.get("action") or page.path
            if not self.endpoint_of(action, method or "GET"):
                self.dead_ends.append(f"{name}: a form is sent to {action} by {method}")
            if method == "POST" and not form.xpath(".//input[@name='csrf_token'][@value!='']"):
                self.dead_ends.append(f"{name}: the form to {action} has no token")
            if not form.xpath(".//button[@type='submit' or not(@type)]"):
                self.dead_ends.append(f"{name}: the form to {action} has no button")
        for barred in page.tree.xpath("//*[@disabled or @onclick or @onsubmit or @onchange or @style]"):
            self.dead_ends.append(f"{name}: {barred.tag} {dict(barred.attrib)}")

    def _follow(self, page: Page, href: str, ids: set[str], name: str) -> None:
        if href.startswith("#"):
            if href[1:] not in ids:
                self.dead_ends.append(f"{name}: nothing stands at {href}")
        elif not urlsplit(href).scheme:
            there = urljoin(page.path, href)
            if (page.visit.name, there) not in self._followed:
                self._followed.add((page.visit.name, there))
                if self._is_printed_like_another(there) or self._is_like_many(page.visit.name, there):
                    return
                answer = page.visit.fetch(there, follow_redirects=True)
                if answer.status_code >= 400:
                    self.dead_ends.append(f"{name}: {href} answers {answer.status_code}")
        elif urlsplit(href).scheme not in ("http", "https"):
            self.dead_ends.append(f"{name}: a link leads to “{href}”")

    def _is_like_many(self, visitor: str, there: str) -> bool:
        """Whether this visitor followed enough addresses of the same kind: one endpoint, and the same is asked."""
        address = urlsplit(there)
        endpoint = self.endpoint_of(address.path, "GET")
        way = (visitor, endpoint, " ".join(sorted(name for name, _ in parse_qsl(address.query))))
        self._ways[way] += 1
        return bool(endpoint) and not self._every_link and self._ways[way] > FOLLOWED

    def _is_printed_like_another(self, there: str) -> bool:
        """Whether this is a page on paper and another was printed: each takes a second. The soak prints all."""
        endpoint = self.endpoint_of(urlsplit(there).path, "GET")
        if endpoint not in PRINTED or self._every_language:
            return False
        is_known = endpoint in self._printed
        self._printed.add(endpoint)
        return is_known


class Replay:
    """The application, with the album's pages under /seen/, without their script under /bare/, and under /spoken/
    those in other languages. All bring axe along.

    What they show (pictures, recordings) is sent as it was then. All are sent as a success, so that the
    console tells only of what a page itself does wrong.
    """

    def __init__(self, album: Album) -> None:
        self._album = album

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if path in self._album.shown:
            return self._album.shown[path](environ, start)
        if path == AXE_AT:
            start("200 OK", FOR_GOOD)
            return [AXE.read_bytes()]
        if not path.startswith((SEEN, BARE, SPOKEN)):
            return self._album.app(environ, start)
        kept = self._album.spoken if path.startswith(SPOKEN) else self._album.pictures
        picture = kept[int(path.rpartition("/")[2])]
        body = SCRIPT.sub(b"", picture.body) if path.startswith(BARE) else picture.body
        body = body.replace(b"</head>", WITH_AXE, 1)
        dropped = ("content-length", "set-cookie")
        headers = [(name, value) for name, value in picture.headers if name.lower() not in dropped]
        start("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]
