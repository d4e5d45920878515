"""The shipped figures: every label keeps inside its box and clear of the others, in the widest common font."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

FIGURES = sorted((Path(__file__).parents[2] / "modules").glob("*/media/*.svg"))
WIDE = '<style>svg, svg text { font-family: "DejaVu Sans" !important }</style>'
MISPLACED = """() => {
  const svg = document.querySelector("svg"), edge = svg.getBoundingClientRect(), found = [];
  const box = (element) => element.getBoundingClientRect();
  const shapes = [...svg.querySelectorAll("rect, circle")].map(box).filter((b) => b.width < edge.width * 0.98);
  const texts = [...svg.querySelectorAll("text")];
  for (const text of texts) {
    const b = box(text), x = b.x + 2, y = b.y + b.height / 2;
    if (b.right > edge.right + 0.5 || b.x < edge.x - 0.5) found.push(`${text.textContent}: out of the figure`);
    const around = shapes.filter((s) => x >= s.x - 3 && x <= s.right && y >= s.y && y <= s.bottom)
      .sort((one, other) => one.width - other.width)[0];
    if (around && (b.right > around.right - 1 || b.x < around.x + 1)) found.push(`${text.textContent}: out of its box`);
  }
  texts.forEach((text, at) => texts.slice(at + 1).forEach((other) => {
    const a = box(text), b = box(other);
    const wide = Math.min(a.right, b.right) - Math.max(a.x, b.x);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.y, b.y);
    if (wide > 1 && high > 4) found.push(`${text.textContent}: over “${other.textContent}”`);
  }));
  return found;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """One page on which all figures are shown, one after the other."""
    page = chromium.new_page(viewport={"width": 800, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_figure_keeps_each_label_in_its_place(figure: Path, page: Page):
    page.set_content(WIDE + figure.read_text(encoding="utf-8"))
    assert page.locator("svg text").count() > 0
    assert page.evaluate(MISPLACED) == []
