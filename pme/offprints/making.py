"""Making files in the background: those of a module, or of a course with all of its modules.

Each is put into the store before its row says that it is there, so a run that follows another goes on where that
one stopped.
"""

from dataclasses import replace
from typing import Any

from pme.content import catalogue
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.errors import Invalid, Unavailable
from pme.handouts.handout import Handout
from pme.handouts.pdf import print_book
from pme.jobs.registry import Work, handler
from pme.jobs.tries import is_given_up
from pme.offprints import service
from pme.offprints.books import course_book, folder_page, module_book
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.offprints.forms import OF_COURSE, OF_MODULE, Form, file_name
from pme.offprints.gather import Reader, course_copy
from pme.offprints.models import stored_name
from pme.offprints.setting import as_file, as_paper
from pme.offprints.zipped import zipped
from pme.stores.chosen import store_of
from pme.stores.home import Store, read
from pme.words.lazily import lazy

PRINT_SECONDS = 100.0
"""How long the printing of a module may take: less than a run may be silent."""
STEPS = len(OF_MODULE)
GONE = lazy("This is no longer published, so there is nothing to make files of.")
Told = dict[str, dict[str, Any]]


@handler(service.JOB)
def run(work: Work) -> None:
    """Make what is not there yet."""
    bench = Bench(work)
    copies = bench.book.modules
    if not copies:
        raise Invalid(GONE)
    steps = STEPS * len(copies) + (len(OF_COURSE) if bench.is_course else 0)
    for number, copy in enumerate(copies):
        bench.module(copy, done=STEPS * number, of=steps)
    if bench.is_course:
        bench.course(done=STEPS * len(copies), of=steps)


class Bench:
    """What one run works with."""

    def __init__(self, work: Work) -> None:
        self._work, self._store = work, store_of(work.settings)
        self._academy_id, wanted = work.academy_id or 0, work.payload["module"]
        self.is_course = not wanted
        reader = Reader(work.payload["language"] or None, work.academy_id, work.settings.public_url)
        with work.database.session() as session:
            published = catalogue.current(session)
            course = published.course(work.payload["course"])
            if course is None:
                raise Invalid(GONE)
            modules = tuple(each for each in work.payload["modules"] if each in course.content.modules)
            taken = _with_modules(course, (wanted,) if wanted else modules)
            self.book = course_copy(session, published, taken, reader, is_dated=True)

    def module(self, copy: ModuleCopy, *, done: int, of: int) -> None:
        """The files of a module, unless they are kept."""
        if self._is_kept(copy.digest, OF_MODULE):
            self._work.progress(done + STEPS, of)
            return
        self._work.progress(done, of)
        made = {Form.HTML: as_file(copy)}
        self._work.progress(done + 1, of)
        made[Form.EPUB] = module_book(copy)
        self._work.progress(done + 2, of)
        problem = ""
        try:
            made[Form.PDF] = printed(copy)
        except Invalid as refusal:
            problem = refusal.says
        except Unavailable as refusal:
            if not is_given_up(self._work.tries):
                raise
            problem = refusal.says
        self._keep(copy, made, problem)
        self._work.progress(done + STEPS, of)

    def course(self, *, done: int, of: int) -> None:
        """The course as one book, and its modules' files in one folder."""
        if self._is_kept(self.book.digest, OF_COURSE):
            return
        made = {Form.EPUB: course_book(self.book)}
        self._work.progress(done + 1, of)
        made[Form.ZIP] = folder_of(self.book, lambda copy, form: self._read(copy.digest, form))
        self._keep(self.book, made, "")
        self._work.progress(done + len(OF_COURSE), of)

    def _is_kept(self, digest: str, forms: tuple[Form, ...]) -> bool:
        with self._work.database.session() as session:
            row = service.find(session, self._academy_id, digest)
            names = [row.stored_as(Form(form)) for form in row.files] if row else []
            is_made = row is not None and row.is_made and (len(names) == len(forms) or bool(row.problem))
        return is_made and all(self._store.find(name) for name in names)

    def _read(self, digest: str, form: Form) -> bytes | None:
        return read(self._store, stored_name(self._academy_id, digest, form))

    def _keep(self, copy: ModuleCopy | CourseCopy, made: dict[Form, bytes], problem: str) -> None:
        told: Told = {}
        for form, content in made.items():
            told[form.value] = _put(self._store, stored_name(self._academy_id, copy.digest, form), content)
        at = self._work.at()
        with self._work.writing() as session:
            service.set_down(session, self._academy_id, copy, told, problem=problem, at=at)


def printed(copy: ModuleCopy) -> bytes:
    """A module as a tagged PDF. Raises Invalid when it is too long, Unavailable when it cannot be printed in time."""
    handout = Handout(html=as_paper(copy), address=copy.address, is_book=True)
    return print_book(handout, within=PRINT_SECONDS)


def folder_of(book: CourseCopy, content: Any) -> bytes:
    """A ZIP of the files of each module, with a page that leads to them. `content` gives a file, or None."""
    assert book.published_at is not None  # noqa: S101  (files are made of dated copies)
    shelf, files = [], []
    for number, copy in enumerate(book.modules, start=1):
        named = []
        for form in OF_MODULE:
            body = content(copy, form)
            if body is not None:
                name = f"{number:02}-{file_name(copy.module.slug, copy.module.language, form)}"
                named.append((form.value, name))
                files.append((name, body))
        shelf.append((copy, named))
    return zipped([("index.html", folder_page(book, shelf)), *files], at=book.published_at)


def _with_modules(course: Versioned[Course], modules: tuple[str, ...]) -> Versioned[Course]:
    return replace(course, content=course.content.model_copy(update={"modules": modules}))


def _put(store: Store, name: str, content: bytes) -> dict[str, Any]:
    with store.written(name) as written:
        written.file.write(content)
    return {"size": written.size, "sha256": written.sha256}
