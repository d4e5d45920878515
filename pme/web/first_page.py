"""Where a person begins once they are signed in."""

from flask import url_for

from pme.people.queries import Visitor
from pme.web.loaders import may_author


def first_page_of(visitor: Visitor) -> str:
    """Where a person begins: learning, else teaching, else running the academy, else reviewing, else themselves."""
    if visitor.is_student:
        return url_for("student.dashboard")
    if visitor.is_instructor:
        return url_for("instructor.courses")
    if visitor.reads_academy:
        return url_for("academy.home")
    if visitor.is_install:
        return url_for("install.home")
    return url_for("author.home") if may_author() else url_for("account.home")
