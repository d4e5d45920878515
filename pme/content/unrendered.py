"""Everything that files say, read without rendering a page: for what is asked of words alone. Pure.

Half a second for the shipped courses instead of two. What is wrong with the files is told by the check.
"""

from pme.content.files import Tree
from pme.content.parse import Collection, parse
from pme.content.render import Rendered, Renderer

NOTHING = Rendered(html="", headings=(), marks=(), bare_tables=0, empty_headers=(), removed_html=())


class Unrendered(Renderer):
    """Stands in for a renderer and shows nothing; begins no child."""

    def render(self, text: str) -> Rendered:  # noqa: ARG002
        """Nothing."""
        return NOTHING


def words_of(tree: Tree) -> Collection:
    """Every file of a tree with its words, without what is shown of its pages."""
    return parse(tree, Unrendered())
