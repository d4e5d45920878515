"""Every file of the showcase of broken content gives the one finding that its head promises, and no other."""

import pytest

from pme.content.check import check
from pme.content.render import Renderer
from tests.content.broken_files import TODAY, Broken, around, every_broken_file, findings

FILES = tuple(every_broken_file())


def test_there_is_something_to_see():
    assert len(FILES) >= 36
    assert {broken.name.split(".")[1] for broken in FILES} >= {"scenario", "quiz"}
    assert len({broken.expected.says for broken in FILES}) >= 36


def test_what_stands_around_is_sound(renderer: Renderer):
    assert check(around(), renderer, today=TODAY).problems == ()


@pytest.mark.parametrize("broken", FILES, ids=lambda broken: broken.name)
def test_a_broken_file_gives_the_one_finding_expected(broken: Broken, renderer: Renderer):
    assert findings(broken, renderer) == (broken.expected,)
