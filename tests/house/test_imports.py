"""Imports only go down: the contracts of pyproject.toml hold."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_import_contract_holds():
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONWARNINGS": "ignore", "COLUMNS": "200"}
    run = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout
