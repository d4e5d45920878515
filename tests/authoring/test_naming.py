"""Paths of content files: what each is, and that nothing else is one."""

import pytest

from pme.authoring.naming import FileKind, file_name
from pme.errors import Invalid


@pytest.mark.parametrize(
    ("path", "kind", "slug", "part", "language"),
    [
        ("modules/core.course.yaml", FileKind.COURSE, "core", "", ""),
        ("modules/first-response/module.md", FileKind.MODULE, "first-response", "", ""),
        ("modules/first-response/module.fr.md", FileKind.MODULE, "first-response", "", "fr"),
        ("modules/a/10-recognise.md", FileKind.PAGE, "a", "10-recognise", ""),
        ("modules/a/10-recognise.fr.md", FileKind.PAGE, "a", "10-recognise", "fr"),
        ("modules/a/media/three-parts.svg", FileKind.MEDIA, "a", "three-parts.svg", ""),
        ("quizzes/check.quiz.yaml", FileKind.QUIZ, "check", "", ""),
        ("quizzes/check.bank.yaml", FileKind.BANK, "check", "", ""),
        ("quizzes/gate.scenario.fr.yaml", FileKind.SCENARIO, "gate", "", "fr"),
        ("modules/sources.yaml", FileKind.SOURCES, "", "", ""),
        ("modules/glossary.yaml", FileKind.GLOSSARY, "", "", ""),
    ],
)
def test_a_path_says_what_its_file_is(path: str, kind: FileKind, slug: str, part: str, language: str):
    name = file_name(path)
    assert (name.kind, name.slug, name.part, name.language) == (kind, slug, part, language)
    assert name.is_text is (kind is not FileKind.MEDIA)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "modules/../x.course.yaml",
        "modules/a/../b/module.md",
        "modules/a/module.md\n",
        "modules/A/module.md",
        "modules/a/10-x.md/",
        "modules/a/media/.hidden",
        "modules/a/media/x/y.svg",
        "quizzes/a.py",
        "modules/a/" + "9-" + "x" * 300 + ".md",
    ],
)
def test_any_other_path_is_refused(path: str):
    with pytest.raises(Invalid, match="not the name of a content file"):
        file_name(path)
