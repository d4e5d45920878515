"""How many statements a page sends to the database."""

from sqlalchemy import event

from pme import create_app
from pme.config import Settings
from pme.db import Database


def queries_of(environment: dict[str, str], cookie: str, pages: dict[str, str]) -> dict[str, int]:
    """Statements a page sends, the second time it is asked for."""
    app = create_app(Settings.from_environment(environment))
    database: Database = app.extensions["pme_database"]
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_more):
        sent.append(statement)

    counts = {}
    client = app.test_client()
    client.set_cookie("pme", cookie.removeprefix("pme="))
    headers = {"Accept-Encoding": "gzip"}
    for name, path in pages.items():
        client.get(path, headers=headers)
        sent.clear()
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)
        counts[name] = len([s for s in sent if not s.startswith(("BEGIN", "PRAGMA"))])
    database.dispose()
    return counts
