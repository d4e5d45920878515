"""Templates that are compiled for a language say what they would say if each text were looked up."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from jinja2 import DictLoader, StrictUndefined, UndefinedError

from pme.words import templates
from pme.words.catalogue import AsWritten, teach
from pme.words.folding import SETTLED, SpeakingEnvironment
from pme.words.lazily import lazy
from pme.words.speech import speaking

TEMPLATES = {
    "plain": "{{ _('Hello & <b>') }}, {{ _p('act', 'Open') }} {{ language_spoken() }} {{ 'ar' | direction }}",
    "values": "{{ _('{who} & {n}', who=name, n=3) }}|{{ _('{who}', who=label) }}|{{ _('{{x}} {who}', who=name) }}",
    "block": '{% trans to=name %}<a href="{{ to }}">{{ to }}</a> 100 %{% endtrans %}{% trans %}Plain{% endtrans %}',
    "counted": "{% trans n=2 %}{{ n }} page{% pluralize n %}{{ n }} pages{% endtrans %}{{ _n('{n} a', '{n} b', 1) }}",
    "handed": "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(_('A <i>')) }}{{ m(_('B {x}', x=name)) }}{{ _('C') ~ name }}",
    "constants": "{% set names = {'a': _('Alpha')} %}{% macro named(key) %}{{ names[key] }}{% endmacro %}",
    "using": "{% from 'constants' import named %}{{ named('a') }}",
    "counting": "{{ ask('a') }}{{ ask(name) }}",
    "wrong": "{{ _('{nobody}', who=name) }}",
    "unknown": "{{ _('{who}', who=nobody) }}",
}


class Shouting(AsWritten):
    """A language that is English in capitals, but for its places."""

    def one(self, text: str, context: str | None = None) -> str:
        return f"¡{text}!" if context is None else f"¡{context}/{text}!"


@pytest.fixture
def environment() -> SpeakingEnvironment:
    teach({"xx": Shouting()})
    made = SpeakingEnvironment(
        loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    templates.teach(made)
    made.globals["ask"] = str.upper
    return made


@pytest.mark.parametrize("name", ["plain", "values", "block", "counted", "handed", "using", "counting"])
@pytest.mark.parametrize("language", ["en", "fr", "ar", "xx"])
def test_a_template_says_the_same_however_it_was_compiled(
    environment: SpeakingEnvironment, name: str, language: str
):
    values = {"name": "<Adams>", "label": lazy("Level")}
    with speaking(language):
        at_once = environment.from_string(TEMPLATES[name]).render(values)
        assert environment.get_template(name).render(values) == at_once


def test_each_language_has_its_own(environment: SpeakingEnvironment):
    for language, says in (("en", "Alpha"), ("xx", "¡Alpha!"), ("en", "Alpha")):
        with speaking(language):
            assert environment.get_template("using").render() == says


def test_a_template_is_compiled_once_however_many_threads_ask_for_it_at_the_same_moment(
    environment: SpeakingEnvironment, monkeypatch: pytest.MonkeyPatch
):
    asked, compiled, compiles = Barrier(16), list[str](), SpeakingEnvironment.compile

    def slowly(
        self: SpeakingEnvironment, source: str, name: str | None = None, *more: Any, **options: Any
    ) -> Any:
        compiled.append(name or "")
        sleep(0.05)  # the others come meanwhile
        return compiles(self, source, name, *more, **options)

    def said(_number: int) -> str:
        with speaking("xx"):
            asked.wait(30)
            return environment.get_template("using").render()

    monkeypatch.setattr(SpeakingEnvironment, "compile", slowly)
    with ThreadPoolExecutor(asked.parties) as threads:
        assert set(threads.map(said, range(asked.parties))) == {"¡Alpha!"}
    assert sorted(compiled) == ["constants", "using"]


def test_what_cannot_be_filled_is_still_an_error(environment: SpeakingEnvironment):
    with pytest.raises(KeyError):
        environment.get_template("wrong").render(name="x")
    with pytest.raises(UndefinedError):
        environment.get_template("unknown").render()


def test_what_is_settled_is_asked_for_once(environment: SpeakingEnvironment):
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return text

    environment.globals["ask"] = ask
    environment.policies[SETTLED] = frozenset({"ask"})
    for _ in range(2):
        assert environment.get_template("counting").render(name="b") == "ab"
    assert asked == ["a", "b", "b"]
