"""A renderer that remembers: a text that was rendered already is not rendered again.

Looking at a draft as students will see it renders every page of the library; after a save only one is another.
"""

import hashlib
from collections import OrderedDict
from threading import Lock

from pme.content.render import Rendered, Renderer

KEPT = 256
"""Texts whose HTML stays in a process: some 10 MB."""


class KeptRenderings:
    """The last texts that were rendered, by their hash."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Rendered] = OrderedDict()
        self._lock = Lock()

    def find(self, name: str) -> Rendered | None:
        """What is kept of a text, or None."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def keep(self, name: str, rendered: Rendered) -> None:
        """Keep one more; the one not asked for longest goes."""
        with self._lock:
            self._kept[name] = rendered
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


class RememberingRenderer(Renderer):
    """Renders by another renderer, once for each text."""

    def __init__(self, renderer: Renderer, kept: KeptRenderings) -> None:
        super().__init__(renderer.page_seconds)
        self._renderer, self._known = renderer, kept

    def render(self, text: str) -> Rendered:
        """The page's HTML. Raises NotRendered as the other renderer does; a failure is not remembered."""
        name = hashlib.sha256(text.encode()).hexdigest()
        rendered = self._known.find(name)
        if rendered is None:
            rendered = self._renderer.render(text)
            self._known.keep(name, rendered)
        return rendered
