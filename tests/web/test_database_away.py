"""When the database cannot be reached, people read a sentence, not a trace."""

from pathlib import Path

from pme import create_app
from pme.config import Settings
from tests.support.client import Visit
from tests.support.html import parse


def test_without_its_database_the_platform_says_so_and_when_to_try_again(tmp_path: Path):
    environment = {
        "PME_DATABASE_URL": f"sqlite:///{tmp_path / 'no-such-folder' / 'pme.sqlite3'}",
        "PME_INSTANCE_DIR": str(tmp_path),
        "PME_SECRET_KEY": "k" * 40,
    }
    app = create_app(Settings.from_environment(environment))
    answer = Visit(app).fetch("/")
    words = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "cannot reach its records just now" in words
    assert "sqlite" not in words.lower()
    parse(words)
