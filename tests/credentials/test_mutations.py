"""Nothing can be changed: every changed byte and every changed field is refused."""

import pytest

from pme.credentials.checking import check
from pme.credentials.jwt import as_jwt
from pme.credentials.making import as_bytes
from tests.credentials.cast import AT, KEY, KEYS, METHOD, NONE_REVOKED, certificate
from tests.credentials.mutations import changed_bytes, changed_fields


def accepted(count: int, seed: int) -> list[object]:
    """What was taken for true among so many changes: a fifth of them to a token, two fifths each to the file."""
    document = certificate()
    data, token = as_bytes(document), as_jwt(document, sign=KEY.sign, method=METHOD).encode()
    changes: list[object] = [
        *changed_bytes(data, count=count * 2 // 5, seed=seed),
        *changed_bytes(token, count=count // 5, seed=seed),
        *changed_fields(document, count=count * 2 // 5, seed=seed),
    ]
    assert len(changes) == count
    return [one for one in changes if check(one, keys=KEYS, status=NONE_REVOKED, at=AT).is_valid]  # type: ignore[arg-type]


def test_a_hundred_changes_are_all_refused():
    assert accepted(100, seed=7) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_changes_are_all_refused(seed: int):
    assert accepted(500, seed=2026 + seed) == []
