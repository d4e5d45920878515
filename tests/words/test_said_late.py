"""Nothing is said while the code is loaded: then nobody has asked yet in which language."""

import subprocess
import sys

import pytest

LOADS = """
import importlib, pkgutil, traceback
from pme.words import catalogue, speech
said = []
def tell(*_):
    frames = [f for f in traceback.extract_stack() if "/pme/" in f.filename and "/pme/words/" not in f.filename]
    said.append(f"{frames[-1].filename.partition('/pme/')[2]}:{frames[-1].lineno}")
    return real(*_)
real, speech.catalogue_of = speech.catalogue_of, tell
import pme
for module in sorted(each.name for each in pkgutil.walk_packages(pme.__path__, "pme.")):
    if not module.endswith("__main__"):
        importlib.import_module(module)
print("\\n".join(sorted(set(said))))
"""


@pytest.mark.database("sqlite")
def test_nothing_is_said_while_the_code_is_loaded():
    run = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True)
    found = run.stdout.split()
    assert found == [], f"{found}: mark these with `lazy`: they are made once, in English"
