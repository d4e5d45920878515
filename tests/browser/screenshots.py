"""Pictures of the platform for its documentation, made from the content as it is shipped.

Run as a program: writes docs/screenshots/, each picture under 180 kB, and the small ones that the guides show
within the product (pme/static/guide), one for each language in which their guide is written.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from pme.certificates.models import Certificate
from pme.manual import guides, pictures
from pme.words.languages import LANGUAGES, SOURCE
from tests.browser.hands import Hands, Pointer
from tests.browser.shipped import COURSE, Shipped, installed
from tests.support.browser import live, started

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LARGEST = 180_000  # bytes
DESK, PHONE = (1280, 800), (320, 700)
PATIENCE = 180_000
"""Milliseconds: nobody is in a hurry, and a machine may be busy."""
QUALITIES = (60, 50, 40, 30)
"""Of small pictures: the first that makes one small enough."""
MODULE = f"{COURSE}/first-response"
ACADEMY = {
    "people": "people",
    "people/spreadsheet": "spreadsheet",
    "boards/human-security-core": "board",
    "reports/completions": "report",
    "returns": "returns",
    "audit": "audit",
}
"""Pages of an academy, and how their pictures are called."""
SHOWN = ("spreadsheet", "report")
"""Those that the guide for registrars shows."""
NEXT = """key => document.readyState === "complete" && document.querySelector("main h1")
    && document.querySelector("[data-hold]")?.dataset.key !== key"""
"""Whether the page after that of a key is there."""
SCENARIO = f"{MODULE}/scenario/checkpoint-disclosure"


class Studio:
    """Takes pictures of what somebody sees."""

    def __init__(self, browser: Browser, shipped: Shipped, address: str, folder: Path) -> None:
        self._browser = browser
        self._shipped = shipped
        self._address = address
        self._folder = folder

    @contextmanager
    def seen_by(
        self, name: str = "", *, size: tuple[int, int] = DESK, scheme: str = "light"
    ) -> Iterator[Hands]:
        """A fresh browser, signed in unless it is nobody's."""
        width, height = size
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE)
        hands = Pointer(context.new_page(), self._address)
        if name:
            cookie = self._shipped.visit(name).http.get_cookie("pme")
            assert cookie is not None
            context.add_cookies([{"name": "pme", "value": cookie.value, "url": self._address}])
        yield hands
        context.close()

    def take(self, page: Page, name: str) -> None:
        """Keep what is to be seen of the page. Raises RuntimeError when the picture is too large."""
        file = self._folder / f"{name}.png"
        page.screenshot(path=file, animations="disabled", caret="hide")
        size = file.stat().st_size
        print(f"{size:8,} bytes  {file.name}")
        if size > LARGEST:
            raise RuntimeError(f"{file.name} has {size:,} bytes; at most {LARGEST:,} are allowed")

    def take_for_guides(self, page: Page, name: str) -> None:
        """Keep a picture for the documentation, and small ones for the guides that show it, in their languages."""
        self.take(page, name)
        address = page.url.partition("#")[0].partition("?")[0]
        page.set_viewport_size({"width": pictures.WIDTH, "height": pictures.HEIGHT})
        for language in languages_of(name):
            page.goto(f"{address}?lang={language}")
            shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
            small = next(
                (made for quality in QUALITIES if len(made := squeezed(shot, quality)) <= pictures.LARGEST),
                None,
            )
            if small is None:
                raise RuntimeError(f"{name} does not come under {pictures.LARGEST:,} bytes in {language}")
            file = pictures.PICTURES / pictures.file_of(name, language)
            file.write_bytes(small)
            print(f"{len(small):8,} bytes  {file.name}")
        page.goto(f"{address}?lang={SOURCE}")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def languages_of(name: str) -> list[str]:
    """The languages of the guides that show a picture; its source first."""
    for guide in guides.NAMES:
        if f"/{name}.png)" in (guides.FOLDER / f"{guide}.md").read_text(encoding="utf-8"):
            files = {language: guides.FOLDER / f"{guide}.{language}.md" for language in LANGUAGES}
            return [each for each, file in files.items() if each == SOURCE or file.is_file()]
    raise RuntimeError(f"no guide shows {name}")


def squeezed(shot: Image.Image, quality: int) -> bytes:
    """A picture as WebP."""
    made = io.BytesIO()
    shot.save(made, "WEBP", quality=quality, method=6)
    return made.getvalue()


def take_all(studio: Studio, shipped: Shipped) -> None:
    """Every picture of the documentation."""
    take_tour(studio)
    with studio.seen_by() as nobody:
        nobody.open("/")
        studio.take(nobody.page, "home")
    with studio.seen_by("adams") as adams:
        read_three_pages(adams)
        adams.open("/learn")
        studio.take_for_guides(adams.page, "dashboard")
        adams.open(f"{MODULE}/first-hour")
        studio.take_for_guides(adams.page, "page")
        keep_notes(studio, adams)
        adams.open(f"{MODULE}/quiz/first-response-check")
        adams.press("Begin")
        while adams.page.get_by_role("radio").count() < 4:
            adams.press("Save and continue")
        adams.page.get_by_role("radio").nth(1).check()
        adams.page.get_by_role("heading", level=1).click()
        studio.take_for_guides(adams.page, "question")
        adams.open(SCENARIO)
        adams.press("Begin the scenario")
        studio.take_for_guides(adams.page, "situation")
    with studio.seen_by("adams", size=PHONE, scheme="dark") as adams:
        adams.open("/learn")
        studio.take(adams.page, "dashboard-phone-dark")
        adams.open(SCENARIO)
        adams.press("Go on with your attempt")
        adams.page.get_by_role("radio").first.scroll_into_view_if_needed()
        studio.take(adams.page, "situation-phone-dark")
        while adams.page.get_by_role("radio").count():
            key = adams.page.locator("[data-hold]").get_attribute("data-key")
            adams.page.get_by_role("radio").nth(1).check()
            adams.page.get_by_role("button", name="Decide").click()
            adams.page.wait_for_function(NEXT, arg=key)
        debrief = adams.page.url
    with studio.seen_by("adams") as adams:
        adams.page.goto(debrief)
        studio.take_for_guides(adams.page, "debrief")
        adams.page.get_by_role("heading", name="How the situation changed").evaluate(
            "e => e.scrollIntoView()"
        )
        studio.take(adams.page, "debrief-state")
    with studio.seen_by("clarke") as clarke:
        clarke.open("/teach/human-security-core")
        studio.take_for_guides(clarke.page, "students")
        write_a_draft(studio, clarke)
    run_an_academy(studio)
    with shipped.database.session() as session, studio.seen_by() as nobody:
        nobody.open(f"/verify/{session.scalars(select(Certificate.code)).first()}")
        studio.take(nobody.page, "verification")


def run_an_academy(studio: Studio) -> None:
    """The pages of who runs an academy, the first of them in Arabic, too."""
    with studio.seen_by("evans") as evans:
        evans.open("/academy")
        studio.take_for_guides(evans.page, "academy")
        for address, name in ACADEMY.items():
            evans.open(f"/academy/{address}")
            take = studio.take_for_guides if name in SHOWN else studio.take
            take(evans.page, f"academy-{name}")
        evans.open("/academy?lang=ar")
        studio.take(evans.page, "academy-arabic")
        evans.open("/academy?lang=en")


def keep_notes(studio: Studio, adams: Hands) -> None:
    """Highlight a passage and keep a note on it; then what can be taken along."""
    adams.open(f"{MODULE}/first-hour/passages")
    adams.page.get_by_role("radio").first.check()
    adams.page.get_by_label("Your note").fill("Tell the section before the next patrol.")
    adams.page.get_by_role("button", name="Highlight").click()
    adams.page.wait_for_load_state()
    adams.open("/notes")
    studio.take_for_guides(adams.page, "notes")
    adams.open(f"{MODULE}/")
    adams.page.get_by_role("heading", name="Take it with you").evaluate("e => e.scrollIntoView()")
    studio.take(adams.page, "take-along")


def take_tour(studio: Studio) -> None:
    """The five minutes that are offered to whoever is new (once begun, no more), and help."""
    with studio.seen_by("adams") as adams:
        adams.open("/learn")
        adams.press("Show me how this works")
        adams.open("/preview/tour/")
        studio.take(adams.page, "tour")
        adams.open("/preview/tour/learn/how-this-works/how-this-works/scenario/found-logbook")
        adams.press("Begin the scenario")
        studio.take(adams.page, "tour-situation")
        adams.open("/help")
        studio.take(adams.page, "help")


def write_a_draft(studio: Studio, clarke: Hands) -> None:
    """Look at a draft as its author works on it."""
    clarke.open("/author")
    clarke.page.get_by_label("Name of the draft").fill("Clearer words on partners")
    clarke.press("Begin")
    draft = clarke.page.url.partition("/author/")[2]
    clarke.open(f"/author/{draft}/page/modules/partnerships/30-partner-harm.md")
    clarke.page.get_by_text("findings").or_(clarke.page.get_by_text("words, about")).first.wait_for()
    studio.take_for_guides(clarke.page, "author-page")
    clarke.open(f"/author/{draft}/scenario/quizzes/people-on-amber.scenario.yaml")
    studio.take_for_guides(clarke.page, "author-scenario")
    clarke.open(f"/author/{draft}/translation/fr/modules/first-response/20-first-hour.md")
    studio.take(clarke.page, "author-translation")
    clarke.open("/author/outcomes/human-security-core")
    studio.take(clarke.page, "author-outcomes")


def read_three_pages(adams: Hands) -> None:
    """Begin the course."""
    adams.open("/learn")
    adams.follow("Begin")
    for _ in range(3):
        title = adams.title
        adams.press("Mark as read and continue")
        adams.page.wait_for_function("title => document.querySelector('h1').innerText !== title", arg=title)


def main(folder: Path = FOLDER) -> None:
    """Take every picture anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        shipped = installed(Path(temporary))
        with live(shipped.app) as address, started() as browser:
            take_all(Studio(browser, shipped, address, folder), shipped)
        shipped.database.dispose()


if __name__ == "__main__":
    main()
