"""The full day of a registrar, told once: with JavaScript and without, for small academies and large ones."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Download, FilePayload, expect

from tests.browser.hands import Pointer

HEADINGS = "email;name;rank;unit;course;cohort"


@dataclass
class Day:
    """A registrar at work. `work` does what waits in the background; `files` are those that were downloaded."""

    me: Pointer
    work: Callable[[], int]
    slug: str
    course: str
    title: str
    files: dict[str, bytes] = field(default_factory=dict)
    late: str = ""
    enrolment: str = ""

    def board(self) -> None:
        """Who is overdue in the class that ended last."""
        me = self.me
        me.open("/academy")
        me.follow("Boards")
        me.follow(self.title)
        ended = self._class_that_ended()
        me.open(f"/academy/boards/{self.course}?cohort={ended}")
        me.pick("Show", r"Overdue \([1-9]\d*\)")
        me.press("Show")
        rows = me.page.get_by_role("rowheader").get_by_role("link")
        expect(me.page.get_by_role("table", name=re.compile(r"^\d+ students?"))).to_contain_text("Overdue")
        self.late = rows.first.inner_text()
        me.open(f"/academy/enrolments?cohort={ended}&status=active")
        me.follow(self.late)
        self.enrolment = me.page.url.rpartition("/")[2]

    def correct(self) -> None:
        """Find them among all people and correct their name, which asks for a reason."""
        me = self.me
        me.open("/academy/people")
        me.write("Name, address, number or unit", self.late.split(" ", 1)[-1])
        me.press("Search")
        me.follow(self.late)
        me.follow("Correct the record")
        right = f"{me.page.get_by_label('Name', exact=True).input_value()}-Aldous"
        me.write("Name", right)
        me.press("Save")
        me.sees("Say why the name changes")
        me.write("Why it changes", "Married.")
        me.press("Save")
        expect(me.page.get_by_role("heading", level=1)).to_contain_text(right)

    def invite(self) -> None:
        """Somebody new is added and invited."""
        me = self.me
        me.open("/academy/people")
        me.follow("Add a person")
        me.write("E-mail address", f"nia.newel@{self.slug}.example")
        me.write("Name", "Nia Newel")
        me.press("Add and invite")
        expect(me.page.locator("p.code a")).to_be_visible()
        me.follow("Go on")
        me.sees("Invited")

    def send_spreadsheet(self) -> None:
        """Three people by spreadsheet: the one mistake is found, mended, and all of it carried out."""
        me = self.me
        rows = [
            f"{name}@{self.slug}.example;{name.title()} New;Captain;Harbour Group;{self.course};"
            for name in ("ilva", "jory")
        ]
        for last, says in (("kasimir;Kasimir New;;;;", "1 problem"), (None, "What it would change")):
            me.open("/academy/people/spreadsheet")
            text = "\n".join([HEADINGS, *rows, last or f"kasimir@{self.slug}.example;Kasimir New;;;;"])
            file = FilePayload(name="new-people.csv", mimeType="text/csv", buffer=text.encode())
            me.page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
            me.press("Check it")
            me.sees(says)
        me.press("Carry out all changes")
        self.work()
        me.open("/academy/people?words=kasimir")
        expect(me.page.get_by_role("row", name=re.compile("Kasimir New.*Invited"))).to_be_visible()

    def make_cohort(self) -> None:
        """A class with dates and a code."""
        me, page = self.me, self.me.page
        me.open("/academy/cohorts")
        page.get_by_label("Course", exact=True).last.select_option(self.course)
        me.write("Name of the cohort", "Class of the harbour")
        page.locator("#starts").fill(_in(10))
        page.locator("#due").fill(_in(3))
        me.press("Create the cohort")
        me.sees("on or after the start date")
        page.locator("#due").fill(_in(40))
        me.press("Create the cohort")
        me.reads("Class of the harbour")
        page.locator("#until").fill(_in(20))
        page.locator("#capacity").fill("25")
        me.press("Create a code")
        me.sees("0 of 25 places")

    def approve(self) -> None:
        """Everybody who waits and may come in is let in."""
        me = self.me
        me.open("/academy/requests")
        waiting = me.page.locator("section.card").filter(has_not_text="Has not completed")
        before = me.page.locator("section.card").count()
        assert waiting.count() > 0
        waiting.first.get_by_label(re.compile("^Your answer")).fill("Welcome.")
        waiting.first.get_by_role("button", name=re.compile("^Approve and enrol")).click()
        expect(me.page.get_by_role("row", name=re.compile("Approved.*Welcome")).first).to_be_visible()
        assert me.page.locator("section.card").count() <= before

    def extend(self) -> None:
        """The one who was overdue gets more time."""
        me = self.me
        me.open(f"/academy/enrolments/{self.enrolment}")
        me.page.locator("#due").fill(_in(21))
        me.press("Set the due date")
        me.sees("Say why")
        me.page.locator("#due").fill(_in(21))
        me.page.locator("#reason").fill("At sea without a connection.")
        me.press("Set the due date")
        expect(me.page.locator("main")).to_contain_text(re.compile("in 2[01] days"))

    def report(self) -> None:
        """Completions of one unit, looked at and taken as CSV and XLSX."""
        me, page = self.me, self.me.page
        me.open("/academy/reports/completions")
        page.locator("summary", has_text="Filter this report").click()
        column = page.locator("table").last.locator("thead th").all_inner_texts().index("Unit")
        unit = page.locator("table").last.locator("tbody tr").first.locator("th, td").nth(column).inner_text()
        me.pick("Unit", re.escape(unit))
        me.press("Show")
        me.sees(unit)
        count = int(re.sub(r"\D", "", page.locator("caption").last.inner_text().split(" row")[0]))
        rows = list(csv.reader(io.StringIO(self._take("CSV").decode("utf-8-sig"))))
        me.open("/academy/reports/completions")
        everything = self._take("XLSX")
        sheet = load_workbook(io.BytesIO(everything), read_only=True).worksheets[0]
        assert len(rows) == count + 1
        assert {row[rows[0].index("unit")] for row in rows[1:]} == {unit}
        assert sum(1 for _ in sheet.iter_rows(values_only=True)) > count

    def seal(self) -> bytes:
        """A sealed return over two years."""
        me, page = self.me, self.me.page
        me.open("/academy/returns")
        page.locator("#since").fill(_in(-740))
        page.locator("#until").fill(_in(0))
        page.get_by_role("group", name="Courses").get_by_role("checkbox").first.check()
        me.press("Seal it")
        self.work()
        page.reload()
        with page.expect_download() as taken:
            me.press("Download the return (ZIP)")
        return self._kept(taken.value)

    def end(self) -> None:
        """Sign out: nothing of the academy is open any more."""
        me = self.me
        me.page.get_by_role("button", name="Sign out").click()
        me.open("/academy/people")
        expect(me.page.get_by_label("Password", exact=True)).to_be_visible()

    def _class_that_ended(self) -> str:
        """The cohort of the course that ended last, as the list of cohorts says."""
        self.me.open(f"/academy/cohorts?course={self.course}")
        ended = []
        for row in self.me.page.locator("table tr").filter(has=self.me.page.locator("time")).all():
            due = date.fromisoformat(str(row.locator("time").last.get_attribute("datetime")))
            if due < _today():
                link = str(row.get_by_role("link").first.get_attribute("href"))
                ended.append((due, link.rpartition("/")[2]))
        return max(ended)[1]

    def _take(self, form: str) -> bytes:
        """Ask for a file: it comes at once, or is made in the background and then fetched."""
        page = self.me.page
        downloads: list[Download] = []

        def note(download: Download) -> None:
            downloads.append(download)

        page.on("download", note)
        page.get_by_role("button", name=form, exact=True).click()
        page.wait_for_timeout(300)
        while not downloads and "/jobs/" not in page.url:
            page.wait_for_timeout(100)
        page.remove_listener("download", note)
        if downloads:
            return self._kept(downloads[0])
        self.work()
        page.reload()
        with page.expect_download() as taken:
            page.get_by_role("link", name=re.compile("^Download ")).click()
        return self._kept(taken.value)

    def _kept(self, download: Download) -> bytes:
        content = Path(download.path()).read_bytes()
        self.files[download.suggested_filename] = content
        return content


def texts_of(files: dict[str, bytes]) -> str:
    """What can be read in the files, whether packed or not."""
    found = []
    for content in files.values():
        if not content.startswith(b"PK"):
            found.append(content.decode(errors="replace"))
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return "\n".join(found)


def _in(days: int) -> str:
    return (_today() + timedelta(days=days)).isoformat()


def _today() -> date:
    # Asked anew each time: a run may pass midnight.
    return datetime.now(UTC).date()
