"""The pictures of the shipped scenarios in a real browser, in the widest common font: all words in their boxes."""

from collections import Counter

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser

from pme.content.decision_graph import Shares, graph_of, pairs_of
from pme.content.picture import draw
from pme.content.shapes import Scenario
from tests.browser.test_figures import MISPLACED
from tests.support.shipped_content import proved

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

WIDE = "<style>svg, svg text { font-family: 'DejaVu Sans' !important } svg { display: block; width: 820px }</style>"
MACRO = """{% from "components/decision_graph.html" import decision_graph %}
{{ decision_graph(picture, "Title", "Table") }}"""
ALL_SHEETS = f"""() => {{
  const check = {MISPLACED};
  return [...document.querySelectorAll("svg")].flatMap((svg) => {{
    const all = document.querySelector.bind(document);
    document.querySelector = () => svg;
    const found = check();
    document.querySelector = all;
    return found;
  }});
}}"""
SLUGS = ["abbey-tower", "checkpoint-disclosure", "reception-centre"]


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return proved()


@pytest.mark.parametrize("slug", SLUGS)
def test_each_line_of_a_graph_keeps_in_its_box(
    app: Flask, chromium: Browser, scenarios: dict[str, Scenario], slug: str
):
    scenario = scenarios[slug]
    shares = Shares(1, Counter(pairs_of(scenario, scenario.debrief.expert_path)))
    with app.test_request_context():
        drawn = render_template_string(MACRO, picture=draw(graph_of(scenario), shares))
    page = chromium.new_page(viewport={"width": 900, "height": 900})
    page.set_content(WIDE + drawn)
    assert page.locator("svg text").count() > 10
    assert page.evaluate(ALL_SHEETS) == []
    page.close()
