"""Keep what fuzzing found: keep.py TARGET FOLDER adds the folder's inputs to the corpus."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz.corpus import read, write

# Longer inputs reach nothing that shorter ones do not, and make the corpus heavy.
LONGEST = 4096


def main(target: str, folder: str) -> None:
    """Add every input that libFuzzer left in its folder (it keeps only those that reached new code)."""
    found = [path.read_bytes() for path in Path(folder).iterdir() if path.stat().st_size <= LONGEST]
    write(target, [*read(target), *found])


if __name__ == "__main__":
    main(*sys.argv[1:])
