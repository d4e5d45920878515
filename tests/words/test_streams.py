"""What is sent while it is written, after its request is over."""

from pme.web.stream import in_this_language
from pme.words.speech import _, current, speaking


def test_what_is_sent_after_its_request_is_over_is_still_in_the_language_of_that_request() -> None:
    with speaking("fr"):
        pieces = in_this_language(_(each) for each in ("Save", "Save"))
    assert list(pieces) == ["Enregistrer", "Enregistrer"]
    assert current() == "en"
