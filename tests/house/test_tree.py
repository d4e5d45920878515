"""The tree itself: small files, telling names, docstrings, and writes where they belong."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PME = Path(__file__).parents[2] / "pme"
TEMPLATES, TESTS = PME.parent / "templates", PME.parent / "tests"
LONGEST_FILE, LONGEST_TEMPLATE, LONGEST_FACTORY = 400, 150, 80
COMMITS = {
    "web/session.py": "the transaction of a request",
    "quick.py": "the transaction of a decision or an answer that is taken at once",
    "db.py": "the transaction of a command or a test",
    "schema.py": "ends the transaction in which PostgreSQL gives the lock of migrations, with nothing written",
}
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}
FLASK = {"flask", "flask_login", "flask_wtf", "werkzeug", "wtforms"}
SPEAKS_FLASK = {"__init__.py": "names the type of what the factory gives", "upkeep.py": "likewise"}
DOORS = ("student", "instructor", "author", "academy", "install", "panel", "public")


def sources() -> Iterator[Path]:
    return (path for path in sorted(PME.rglob("*.py")) if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(PME).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def lines_in(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long_to_read_at_once():
    scripts = [path for kind in ("*.js", "*.css") for path in PME.rglob(kind)]
    tests = [path for path in TESTS.rglob("*.py") if "__pycache__" not in path.parts]
    files = (*sources(), *scripts, *tests)
    assert {
        str(path.relative_to(PME.parent)): lines_in(path) for path in files if lines_in(path) > LONGEST_FILE
    } == {}


def test_no_template_is_too_long_to_read_at_once():
    assert {
        path.name: lines_in(path) for path in TEMPLATES.rglob("*.html") if lines_in(path) > LONGEST_TEMPLATE
    } == {}


def test_the_factory_reads_like_a_table_of_contents():
    assert lines_in(PME / "__init__.py") < LONGEST_FACTORY


def test_commits_stand_in_the_files_that_may_commit_and_nowhere_else():
    committing = {
        name_of(path)
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "commit_prepared")
    }
    assert committing == set(COMMITS)


def test_transactions_that_commit_by_themselves_are_for_migrations_only():
    beginning = {
        name_of(path)
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "begin"
    }
    assert beginning <= {"schema.py"}


def test_every_name_says_what_it_is_about():
    parts = {part for path in sources() for part in path.relative_to(PME).with_suffix("").parts}
    assert not parts & SAYS_NOTHING


def _undocumented(node: ast.AST, where: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_public = not child.name.startswith("_")
        if is_public and ast.get_docstring(child) is None:
            yield f"{where}: {child.name}"
        if is_public and isinstance(child, ast.ClassDef):
            yield from _undocumented(child, f"{where}: {child.name}")


def test_every_public_function_and_class_says_what_it_is_for():
    inherited = {"process_bind_param", "process_result_value"}  # the database library says what these do
    missing = [line for path in sources() for line in _undocumented(tree_of(path), name_of(path))]
    assert [line for line in missing if line.rpartition(": ")[2] not in inherited] == []


def test_every_file_says_what_it_owns():
    assert [name_of(path) for path in sources() if ast.get_docstring(tree_of(path)) is None] == []


def test_the_front_of_a_room_is_its_docstring_and_no_more():
    fronts = [path for path in sources() if path.name == "__init__.py"]
    busy = {name_of(path) for path in fronts if len(tree_of(path).body) != 1}
    assert busy == {"__init__.py", "web/__init__.py"}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_never_imports_another_door(door: str):
    others = tuple(f"pme.web.{other}" for other in DOORS if other != door)
    for path in (PME / "web" / door).rglob("*.py"):
        assert [name for name in imports_of(path) if name.startswith(others)] == [], name_of(path)


def test_only_the_web_speaks_flask():
    speaking = {
        name_of(path)
        for path in sources()
        if not name_of(path).startswith("web/")
        and {name.partition(".")[0] for name in imports_of(path)} & FLASK
    }
    assert speaking == set(SPEAKS_FLASK)
