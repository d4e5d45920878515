"""Homes of files: whichever it is, a file is there whole or not at all; when it is away, that is said in a sentence."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pme.config import Settings
from pme.errors import NotFound, Refused, Unavailable
from pme.stores import chosen
from pme.stores.bucket import PART, PIECE, Bucket
from pme.stores.folder import Folder
from pme.stores.home import Away, Missing, Store, digest_of, put, read
from tests.support.bucket import KEY, NAME, SECRET, Storage, signature, storage

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
Environment = dict[str, str]


def settings_of(place: Path, **more: str) -> Settings:
    return Settings.from_environment(
        {"PME_INSTANCE_DIR": str(place), "PME_SECRET_KEY": "k" * 40, **more},
    )


@pytest.fixture
def kept() -> Iterator[Storage]:
    with storage() as kept:
        yield kept


@pytest.fixture(params=["folder", "bucket"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each home in turn, as the settings name it."""
    if request.param == "folder":
        yield chosen.store_of(settings_of(tmp_path))
        return
    with storage() as kept:
        yield chosen.store_of(settings_of(tmp_path, **kept.environment()))
        assert kept.refused.count("SignatureDoesNotMatch") == 0


def names(home: Store, prefix: str) -> list[str]:
    return [each.name for each in home.list(prefix)]


def test_every_home_keeps_files_alike(home: Store, tmp_path: Path):
    large = bytes(range(256)) * ((PART + PIECE) // 256 + 3)  # goes in parts, and comes in pieces
    assert (home.find("jobs/1-a"), read(home, "jobs/1-a"), names(home, "")) == (None, None, [])
    with pytest.raises(Missing):
        digest_of(home, "jobs/1-a")
    written = put(home, "jobs/1-a", io.BytesIO(large))
    found = home.find("jobs/1-a")
    assert found is not None
    assert found.size == written.size == len(large)
    assert digest_of(home, "jobs/1-a") == written.sha256
    for start in (0, PIECE - 1, len(large) - 1, len(large)):
        assert b"".join(home.open("jobs/1-a", start=start)) == large[start:]

    with suppress(ValueError), home.written("jobs/2-b") as half:
        half.file.write(b"half")
        raise ValueError
    with pytest.raises(Away, match="Nothing was kept"):
        put(home, "jobs/3-c", io.BytesIO(b"other bytes"), sha256="0" * 64)
    with home.written("jobs/1-a") as anew:  # written anew, read back, and sought in, as a ZIP is
        anew.file.write(b"xhort")
        anew.file.seek(0)
        anew.file.write(b"s")
    assert read(home, "jobs/1-a") == b"short"
    assert (anew.size, names(home, "jobs/")) == (5, ["jobs/1-a"])

    assert home.put_once("certificates/AB.json", b"first") == b"first"
    assert home.put_once("certificates/AB.json", b"second") == b"first"
    for number in range(17):
        put(home, f"certificates/AC-{number:02}.pdf", io.BytesIO(b"pdf"))
    put(home, "certificates/ABC-1.pdf", io.BytesIO(b"pdf"))
    put(home, "returns/1/x.zip", io.BytesIO(b"zip"))
    assert names(home, "certificates/AB") == ["certificates/AB.json", "certificates/ABC-1.pdf"]
    assert names(home, "certificates/AC") == [f"certificates/AC-{number:02}.pdf" for number in range(17)]
    assert (len(names(home, "certificates/")), names(home, "returns/1/")) == (19, ["returns/1/x.zip"])

    for _ in range(2):
        home.delete("returns/1/x.zip")
    assert home.find("returns/1/x.zip") is None
    assert home.refusal() == ""
    assert not list(tmp_path.rglob("*.part"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    home = Folder(tmp_path / "file" / "inside")
    (tmp_path / "file").write_text("no folder")
    for act in acts(home):
        with pytest.raises(Unavailable, match="cannot reach its files"):
            act()
    assert "cannot be read and written" in home.refusal()


def acts(home: Store) -> list[Callable[[], object]]:
    return [
        lambda: put(home, "jobs/1-a", io.BytesIO(b"x")),
        lambda: home.put_once("certificates/A.json", b"x"),
        lambda: home.delete("jobs/1-a"),
    ]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"PME_STORE_SECRET": "another"}, "the keys are not accepted, or may not do this"),
        ({"PME_STORE_URL": "s3://nobodys/pme"}, "there is no such bucket"),
        ({"PME_STORE_ENDPOINT": "http://127.0.0.1:9"}, "it does not answer, or not as it should"),
    ],
)
def test_a_bucket_that_is_away_says_why(kept: Storage, tmp_path: Path, wrong: Environment, why: str):
    home = chosen.store_of(settings_of(tmp_path, **kept.environment() | wrong))
    for act in acts(home)[:2]:
        with pytest.raises(Away) as away:
            act()
        assert away.value.why == why
        assert SECRET not in repr(away.value.__cause__)
    assert home.refusal() == why
    assert kept.objects == {}
    assert not list(tmp_path.rglob("*.part"))


def test_a_bucket_that_keeps_other_bytes_is_not_believed(kept: Storage, tmp_path: Path):
    home = chosen.store_of(settings_of(tmp_path, **kept.environment()))
    kept.lies = True
    with pytest.raises(Away):
        put(home, "jobs/1-a", io.BytesIO(b"three"))
    assert kept.objects == {}


def test_a_file_that_is_replaced_while_it_is_read_is_not_mixed(kept: Storage, tmp_path: Path):
    home = chosen.store_of(settings_of(tmp_path, **kept.environment()))
    put(home, "jobs/1-a", io.BytesIO(b"a" * (PIECE + 1)))
    pieces = iter(home.open("jobs/1-a"))
    next(pieces)
    put(home, "jobs/1-a", io.BytesIO(b"b" * (PIECE + 1)))
    with pytest.raises(Away):
        next(pieces)


def test_settings_of_a_store_are_checked_and_hold_no_secret_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    given = settings_of(
        tmp_path, PME_STORE_URL=f"s3://{NAME}/a/b/", PME_STORE_KEY_ID=KEY, PME_STORE_SECRET=SECRET
    )
    assert (given.shared.bucket, given.shared.prefix) == (NAME, "a/b")
    assert SECRET not in repr(given)
    assert isinstance(chosen.store_of(given), Bucket)
    with pytest.raises(Refused) as refusal:
        settings_of(
            tmp_path,
            PME_STORE_URL="https://bucket",
            PME_STORE_ENDPOINT="s3.academy.example",
            PME_STORE_REGION="Lakeland 1",
            PME_REDIS_URL="http://secret@redis",
        )
    assert [line.split(" ")[0] for line in refusal.value.says.splitlines()] == [
        "PME_STORE_URL",
        "PME_STORE_ENDPOINT",
        "PME_REDIS_URL",
        "PME_STORE_REGION",
    ]
    assert "secret" not in refusal.value.says
    with pytest.raises(Refused, match="Give both"):
        settings_of(tmp_path, PME_STORE_URL=f"s3://{NAME}", PME_STORE_KEY_ID=KEY)
    with pytest.raises(Refused, match="needs a key"):
        settings_of(tmp_path, PME_STORE_URL=f"s3://{NAME}", PME_STORE_ENDPOINT="https://s3.academy.example")
    with pytest.raises(Refused, match="PME_STORE_CA"):
        chosen.store_of(settings_of(tmp_path, PME_STORE_URL=f"s3://{NAME}", PME_STORE_CA="/nowhere/ca.pem"))
    chosen._home.cache_clear()
    monkeypatch.setattr(chosen, "find_spec", lambda _: None)
    with pytest.raises(Refused, match=r"requirements/s3\.txt"):
        chosen.store_of(given)


def test_the_storage_of_the_tests_signs_as_amazon_does():
    assert (
        signature(
            method="GET",
            path="/test.txt",
            query="",
            headers={
                "host": "examplebucket.s3.amazonaws.com",
                "range": "bytes=0-9",
                "x-amz-content-sha256": EMPTY,
                "x-amz-date": "20130524T000000Z",
            },
            signed="host;range;x-amz-content-sha256;x-amz-date",
            scope="20130524/us-east-1/s3/aws4_request",
            at="20130524T000000Z",
            secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # published with the example
        )
        == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    assert issubclass(Missing, NotFound)
