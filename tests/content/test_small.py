from tests.content.small_library import Shelf


def test_the_small_library_has_no_problem(shelf: Shelf):
    report = shelf.check()
    assert report.text == "0 errors, 0 warnings."
    assert report.require().problems == ()
