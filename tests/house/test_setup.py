"""Which Python the setup takes, of those that it finds."""

import os
import re
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

SETUP = (Path(__file__).parents[2] / "scripts" / "setup.sh").read_text(encoding="utf-8")
FUNCTIONS = ("fail", "is_supported", "is_swift", "find_python")
WHOLE = r"^{}\(\) \{{(?: [^\n]*\}}|\n.*?^\}})$"
"""A function of the setup, in one line or in many."""


def said(program: str, *folders: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What bash says with the setup's own functions, where programs are looked for in these folders only."""
    found = (re.search(WHOLE.format(name), SETUP, re.MULTILINE | re.DOTALL) for name in FUNCTIONS)
    told = "\n".join(each[0] for each in found if each)
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", f"{told}\n{program}"],
        env={"PATH": os.pathsep.join(map(str, folders))} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def put(folder: Path, name: str, *, supported: bool = True, swift: bool = False) -> Path:
    """A program that answers the setup's two questions as a Python would."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit {int(not supported)}\nexit {int(not swift)}\n')
    path.chmod(0o755)
    return path


def test_the_newest_that_was_compiled_with_optimisations_is_taken(tmp_path: Path):
    compiled, system = tmp_path / "com piled", tmp_path / "system"
    put(compiled, "python3.13")
    put(compiled, "python3.12")
    wanted = put(system, "python3.12", swift=True)
    put(system, "python3.11", swift=True)
    assert said("find_python", compiled, system).stdout.strip() == str(wanted)


def test_where_none_was_the_newest_that_is_supported_is_taken(tmp_path: Path):
    put(tmp_path, "python3.14", supported=False, swift=True)
    wanted = put(tmp_path, "python3.12")
    put(tmp_path, "python3.11")
    assert said("find_python", tmp_path).stdout.strip() == str(wanted)


def test_the_one_that_somebody_names_is_taken_whatever_else_is_there(tmp_path: Path):
    named = put(tmp_path, "mine")
    put(tmp_path, "python3.13", swift=True)
    assert said("find_python", tmp_path, PYTHON=str(named)).stdout.strip() == str(named)


def test_where_there_is_none_the_setup_says_which_would_do(tmp_path: Path):
    put(tmp_path, "python3", supported=False)
    answer = said("find_python", tmp_path)
    assert answer.returncode == 1
    assert "PME needs Python 3.11, 3.12, 3.13 or 3.14, and none was found" in answer.stderr


def test_a_python_says_itself_how_it_was_compiled():
    is_optimised = sys.base_prefix == "/usr" or "--enable-optimizations" in sysconfig.get_config_var(
        "CONFIG_ARGS"
    )
    is_whole = find_spec("ensurepip") is not None and find_spec("venv") is not None
    assert said(f"is_supported '{sys.executable}'").returncode == 0
    assert (said(f"is_swift '{sys.executable}'").returncode == 0) == (is_optimised and is_whole)
