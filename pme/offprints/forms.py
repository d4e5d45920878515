"""The kinds of files that a module or a course is had as. Pure."""

from enum import StrEnum


class Form(StrEnum):
    """A kind of file, by the ending of its name."""

    HTML = "html"
    EPUB = "epub"
    PDF = "pdf"
    ZIP = "zip"

    @property
    def content_type(self) -> str:
        """What it is served as."""
        return _TYPES[self]


_TYPES = {
    Form.HTML: "text/html; charset=utf-8",
    Form.EPUB: "application/epub+zip",
    Form.PDF: "application/pdf",
    Form.ZIP: "application/zip",
}
OF_MODULE = (Form.HTML, Form.EPUB, Form.PDF)
OF_COURSE = (Form.EPUB, Form.ZIP)


def file_name(slug: str, language: str, form: Form) -> str:
    """What a file is called where it is saved, such as “first-response.fr.epub”."""
    return f"{slug}.{language}.{form}"
