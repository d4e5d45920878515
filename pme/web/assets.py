"""Static files under content-hashed addresses, and the media of published content.

The two style sheets are the files of static/css as static/css/ORDER joins them, made small.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, request

from pme.content import catalogue
from pme.errors import NotFound
from pme.manual.pictures import pictures
from pme.web.bodies import attachment_sent, sent
from pme.web.headers import LONG
from pme.web.session import db_session
from pme.words.speech import _, current

STATIC = Path(__file__).resolve().parent.parent / "static"
PAIR = re.compile(r"--([a-z-]+):light-dark\(([^,()]+),([^,()]+)\)")
LEVEL = {
    "block-size": "height",
    "border-block-end": "border-bottom",
    "border-block-start": "border-top",
    "inline-size": "width",
    "inset-block-end": "bottom",
    "inset-block-start": "top",
    "margin-block-end": "margin-bottom",
    "margin-block-start": "margin-top",
    "max-block-size": "max-height",
    "max-inline-size": "max-width",
    "min-block-size": "min-height",
    "min-inline-size": "min-width",
    "padding-block-end": "padding-bottom",
    "padding-block-start": "padding-top",
    "scroll-padding-block-start": "scroll-padding-top",
}
"""Logical properties that mean the same whichever way a line runs, by their shorter and older names."""
PROPERTY = re.compile(rf"(?<=[{{;])({'|'.join(LEVEL)})(?=:)")
SCRIPT = "text/javascript; charset=utf-8"
KEEPS_ITSELF = frozenset({"author.js", "conflict.js"})
CARRIED = "carry.js"
"""The practice that a device carries: played without a link, where single keys lead nowhere."""
blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """A static file as it is served."""

    name: str
    mime: str
    body: bytes
    zipped: bytes | None
    """None of what is small already: pictures."""
    digest: str


def make(name: str, mime: str, body: bytes) -> Asset:
    """An asset with its hash and its gzipped form, made once."""
    return Asset(name, mime, body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:16])


def _picture(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(path.name, "image/webp", body, None, hashlib.sha256(body).hexdigest()[:16])


def style_sheets() -> Iterator[tuple[str, bytes]]:
    """The component style sheets joined into the few that are served, as static/css/ORDER says."""
    for line in (STATIC / "css" / "ORDER").read_text(encoding="utf-8").splitlines():
        name, _, parts = line.partition(":")
        yield (
            name,
            _squeezed(
                "\n".join((STATIC / "css" / part).read_text(encoding="utf-8") for part in parts.split())
            ),
        )


def _squeezed(text: str) -> bytes:
    """A style sheet without comments and needless blanks, in the shortest names that say the same."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = spelled_out(text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = PROPERTY.sub(lambda found: LEVEL[found[0]], text)
    return text.replace(";}", "}").strip().encode()


def spelled_out(text: str) -> str:
    """Colour pairs `--name:light-dark(a,b)` as plain rules, for browsers from before 2024 too."""
    light = PAIR.sub(r"--\1:\2", text)
    dark = ";".join(f"--{name}:{on_dark}" for name, _light, on_dark in PAIR.findall(text))
    return (  # not words
        f"{light}\n@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{[data-theme=dark]{{{dark}}}}}"
    )


def all_assets() -> dict[str, Asset]:
    """Every static file by name."""
    found = [
        *(make(name, "text/css; charset=utf-8", body) for name, body in style_sheets()),
        *_scripts(),
        make("icon.svg", "image/svg+xml", (STATIC / "icon.svg").read_bytes()),
        *map(_picture, pictures()),
    ]
    return {asset.name: asset for asset in found}


def _scripts() -> Iterator[Asset]:
    """The script of every page, and those of some pages, each with that of every page before it: one request.

    The editor of pages keeps texts in its own way, and does without what keeps them elsewhere.
    """
    own = {path.name: _without_remarks(path) for path in sorted((STATIC / "js").glob("*.js"))}
    plain = own.pop("app.js")
    keys = own.pop("keys.js")
    shared = plain + own.pop("keep.js")
    own.pop("worker.js")  # no page carries it: `worker` serves it to devices that keep modules
    yield make("app.js", SCRIPT, shared + keys)
    for name, body in own.items():
        every = plain if name in KEEPS_ITSELF else shared
        every += b"" if name == CARRIED else keys
        yield make(name, SCRIPT, b"{%s}\n{%s}" % (every, body))


def _without_remarks(path: Path) -> bytes:
    code = re.sub(rb"(?m)^\s*//.*\n|[ \t]+// .*$", b"", path.read_bytes())
    return re.sub(rb"(?m)^\s+", b"", code)


def address_of(asset: Asset) -> str:
    """The address of a static file; another content has another."""
    return f"/static/{asset.digest}/{asset.name}"


def install(app: Flask) -> None:
    """Prepare the assets once, and give templates `static_url`."""
    assets = all_assets()
    app.extensions["pme_assets"] = assets

    @app.template_global()
    def static_url(name: str) -> str:
        return address_of(assets[name])

    icon = "data:image/svg+xml," + quote(assets["icon.svg"].body.strip(), safe=" =:/")

    @app.template_global()
    def icon_url() -> str:
        """The icon within the page itself: no request of its own."""
        return icon

    app.register_blueprint(blueprint)


@blueprint.get("/static/<digest>/<name>")
def static(digest: str, name: str) -> Response:
    """A static file at its hashed address; an older hash is gone."""
    asset: Asset | None = current_app.extensions["pme_assets"].get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    return _serve(asset.body, asset.zipped, asset.mime)


@blueprint.get("/media/<sha256>/<name>")
def media(sha256: str, name: str) -> Response:
    """A file that published pages show, at the address of its hash."""
    found = catalogue.media(db_session(), sha256)
    if found is None or found.name != name:
        raise NotFound(_("There is no such figure."))
    response = attachment_sent(sha256, found.mime) if not found.body else None
    if response is None:
        response = sent(Response(found.body, content_type=found.mime), sha256)
    if response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        response.headers["Cache-Control"] = LONG
    return response


@blueprint.get("/worker.js")
def worker() -> Response:
    """The script that keeps opened modules, for devices whose owner asked for it."""
    response = Response(_without_remarks(STATIC / "js" / "worker.js"), content_type=SCRIPT)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/app.webmanifest")
def manifest() -> Response:
    """What a browser needs to put the platform among the device's own applications."""
    assets: dict[str, Asset] = current_app.extensions["pme_assets"]
    icon = f"/static/{assets['icon.svg'].digest}/icon.svg"
    told = {
        "name": _("PME: human security education"),
        "short_name": "PME",
        "lang": current(),
        "start_url": "/learn",
        "scope": "/",
        "display": "standalone",  # not words
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
    }
    response = Response(json.dumps(told), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """The icon, for browsers that ask for it by this name."""
    icon: Asset = current_app.extensions["pme_assets"]["icon.svg"]
    return _serve(icon.body, icon.zipped, icon.mime)


def _serve(body: bytes, zipped: bytes | None, mime: str) -> Response:
    accepts = zipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(zipped if accepts and zipped is not None else body, mimetype=None, content_type=mime)
    if accepts:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = LONG
    return response
