"""The references: a bare Flask application with one page and one query, and one durable INSERT.

Served by the same server with the same settings as the platform, on a database opened in the same way.
"""

import os

from flask import Flask, render_template, render_template_string
from sqlalchemy import text

from pme.db import Database, begin_writing

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<ul>{% for row in rows %}<li>{{ row.id }} {{ row.word }}</li>{% endfor %}</ul></body></html>"""


def create_app() -> Flask:
    """The bare application."""
    app = Flask("reference")
    template = app.jinja_env.from_string(PAGE)
    database = Database(os.environ["PME_BENCH_REFERENCE_URL"])

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/page")
    def page() -> str:
        with database.session() as session:
            rows = session.execute(text("SELECT id, word FROM thing ORDER BY id LIMIT 20")).all()
        return render_template_string(PAGE, title="Reference", rows=rows)  # compiles the template each time

    @app.get("/kept")
    def kept() -> str:
        with database.session() as session:
            rows = session.execute(text("SELECT id, word FROM thing ORDER BY id LIMIT 20")).all()
        return render_template(template, title="Reference", rows=rows)

    @app.post("/insert")
    def insert() -> str:
        with database.session() as session:
            begin_writing(session)
            session.execute(text("INSERT INTO thing (word) VALUES ('measured')"))
            session.commit()
        return "kept"

    return app


def prepare(url: str) -> None:
    """Create the reference's one table."""
    database = Database(url)
    key = "INTEGER PRIMARY KEY" if database.is_sqlite else "SERIAL PRIMARY KEY"
    with database.writing() as session:
        session.execute(text(f"CREATE TABLE thing (id {key}, word TEXT NOT NULL)"))
        session.execute(text("INSERT INTO thing (word) VALUES " + ", ".join(["('word')"] * 100)))
    database.dispose()
