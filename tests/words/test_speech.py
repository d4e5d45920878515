"""Saying something in the language that is spoken now: at once, later, in templates, and to whom."""

import copy
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined

from pme.db import Database
from pme.jobs.models import Job
from pme.jobs.service import enqueue
from pme.outbox.service import language_of
from pme.people.models import Academy, Person
from pme.words import numbers, templates, times
from pme.words.catalogue import AsWritten, teach
from pme.words.lazily import lazy, lazy_n
from pme.words.speech import _, _n, _p, current, speaking
from tests.conftest import Visits
from tests.support.cast import START, email_of

pytestmark = pytest.mark.database("sqlite")


class Shouting(AsWritten):
    """A language that is English in capitals, but for its places."""

    def one(self, text: str, context: str | None = None) -> str:
        return f"¡{text}!" if context is None else f"¡{context}/{text}!"

    def counted(self, one: str, many: str, number: int, context: str | None = None) -> str:
        return self.one(one if number == 1 else many, context)


@pytest.fixture(autouse=True)
def shouting():
    teach({"xx": Shouting()})


def test_a_text_is_said_in_the_language_of_the_block():
    with speaking("xx"):
        assert _("Hello {name}", name="{you}") == "¡Hello {you}!"
        assert _n("{n} page", "{n} pages", 2) == "¡2 pages!"
        assert _p("act", "Open") == "¡act/Open!"
    assert (_("Hello"), current()) == ("Hello", "en")


def test_a_constant_is_said_when_it_is_shown_and_is_english_to_the_code():
    label, many = lazy("Level {n}", n=3), lazy_n("{n} page", "{n} pages", 2)
    assert isinstance(label, str)
    assert {label: 1}["Level {n}"] == 1
    with speaking("xx"):
        assert (str(label), f"{label:>12}", f"{many}") == ("¡Level 3!", "   ¡Level 3!", "¡2 pages!")
        assert (label + ".", "– " + label, label.upper(), len(label)) == (
            "¡Level 3!.",
            "– ¡Level 3!",
            "¡LEVEL 3!",
            9,
        )
        assert str(copy.deepcopy(label)) == "¡Level 3!"
    assert str(label) == "Level 3"


def test_templates_escape_values_trust_the_text_and_keep_constants_for_each_language():
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    templates.teach(made)
    page = made.from_string(
        "{% trans who=name %}<b>100 %</b>\n   by {{ who }}{% endtrans %} {{ _('{n} & <i>', n=name) }} "
        "{% trans n=2 %}{{ n }} page{% pluralize n %}{{ n }} pages{% endtrans %}{{ _p('act', 'Open') }}"
    )
    with speaking("xx"):
        assert page.render(name="<a>") == (
            "¡<b>100 %</b> by &lt;a&gt;! ¡&lt;a&gt; & <i>! ¡2 pages!¡act/Open!"
        )
    constants = made.from_string(
        "{% set names = {'a': _('Alpha')} %}{% macro named(key) %}{{ names[key] }}{% endmacro %}"
    )
    using = made.from_string("{% from constants import named %}{{ named('a') }}")
    for language, says in (("en", "Alpha"), ("xx", "¡Alpha!"), ("en", "Alpha")):
        with speaking(language):
            assert using.render(constants=constants) == says


def test_what_stands_in_a_sentence_from_right_to_left_keeps_its_own_direction():
    made = Environment(autoescape=True)
    templates.teach(made)
    page = made.from_string(
        '{% trans to="/a", who="Adams", n=3 %}<a href="{{ to }}">{{ who }} {{ n }}</a>{% endtrans %}'
    )
    with speaking("ar"):
        assert page.render() == '<a href="/a">\u2068Adams\u2069 3</a>'
        assert _("Hello {name}", name="Adams") == "Hello \u2068Adams\u2069"


@pytest.mark.parametrize(
    ("language", "day", "month", "moment", "share", "listed", "pages"),
    [
        ("en", "1 March 2026", "March 2026", "1 March 2026, 09:05 UTC", "1.5", "a, b and c", "83\u202f%"),
        ("fr", "1er mars 2026", "mars 2026", "1er mars 2026, 09:05 UTC", "1,5", "a, b et c", "83\u202f%"),
        (
            "uk",
            "1 березня 2026\u202fр.",
            "березень 2026",
            "1 березня 2026\u202fр., 09:05 UTC",
            "1,5",
            "a, b і c",
            "83\u202f%",
        ),
        ("ar", "1 مارس 2026", "مارس 2026", "", "1.5", "a وb وc", "83\u200e%\u200e"),
    ],
)
def test_dates_numbers_and_lists_are_those_of_the_language(
    language: str, day: str, month: str, moment: str, share: str, listed: str, pages: str
):
    on = date(2026, 3, 1)
    with speaking(language):
        assert (times.day(on), times.month(on), numbers.decimal(1.5, 1)) == (day, month, share)
        assert (numbers.listed("abc"), numbers.percent(83.9)) == (listed, pages)
        assert not moment or times.moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == moment


def test_a_stranger_is_spoken_to_as_the_address_the_browser_or_its_choice_says(visit: Visits):
    nobody = visit("nobody")

    def spoken(address: str = "/sign-in", **headers: str) -> str:
        page = nobody.fetch(address, headers=headers).get_data(as_text=True)
        return page.partition('<html lang="')[2][:12]

    assert spoken() == 'en" dir="ltr'
    assert spoken(Accept_Language="ar-EG,fr;q=0.5") == 'ar" dir="rtl'
    back = nobody.fetch("/language?to=fr&back=/verify?code=a%26b")
    assert (back.status_code, back.location) == (303, "/verify?code=a&b")
    assert spoken(Accept_Language="ar") == 'fr" dir="ltr'
    assert spoken("/sign-in?lang=uk") == 'uk" dir="ltr'
    assert nobody.fetch("/language?to=xx").status_code == 404
    assert nobody.fetch("/language?to=fr&back=//elsewhere.example").location == "/"


def test_a_person_is_remembered_and_the_switch_keeps_the_place(visit: Visits, database: Database):
    adams = visit("adams")
    page = adams.get("/learn?lang=uk&q=a%20b")
    form = page.tree.xpath("//footer//form")[0]
    assert form.xpath("string(.//input[@name='back']/@value)") == "/learn?q=a+b"
    adams.send("/language", to="ar", back="/learn")
    again = visit("adams")
    assert again.get("/learn").tree.xpath("/html/@dir") == ["rtl"]
    with database.session() as session:
        person = session.query(Person).filter_by(email=email_of("adams")).one()
        academy = session.query(Academy).first()
        assert person.interface_language == "ar"
        assert academy is not None
        assert language_of(session, person.id, academy.id) == "ar"


def test_a_job_speaks_the_language_of_who_asked_for_it(database: Database):
    with database.writing() as session, speaking("uk"):
        job = enqueue(session, "report-export", academy_id=None, person_id=None, payload={}, at=START)
        assert session.get_one(Job, job.id).language == "uk"


def test_the_pages_of_the_application_know_words(app: Flask):
    assert app.jinja_env.from_string("{{ _('Hello') }}").render() == "Hello"
