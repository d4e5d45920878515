"""Show what the checker says of every broken file here: `python -m tests.content.broken [PART OF A NAME]`."""

import sys

from pme.content.render import Renderer
from tests.content.broken_files import every_broken_file, findings


def main(wanted: str = "") -> int:
    """Print each file with what is wrong with it and what was found; 1 when anything was not as expected."""
    wrong = 0
    with Renderer() as renderer:
        for broken in every_broken_file():
            if wanted in broken.name:
                found = findings(broken, renderer)
                is_expected = found == (broken.expected,)
                wrong += not is_expected
                print(f"{'as expected' if is_expected else 'NOT AS EXPECTED'}: {broken.why}")
                print("".join(f"    {problem}\n" for problem in found), end="")
    return min(wrong, 1)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2]))
