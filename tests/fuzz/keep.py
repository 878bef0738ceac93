"""Keep what fuzzing found: keep.py TARGET FOLDER adds the folder's inputs to the corpus, then drops what is not needed.

Of all inputs, kept and new, those stay that together reach all that any of them reaches (libFuzzer's merge).
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz.corpus import unpack, write

# Longer inputs reach nothing that shorter ones do not, and make the corpus heavy.
LONGEST = 4096


def main(target: str, folder: str) -> None:
    """Merge the kept inputs and those that libFuzzer left in its folder. Raises OSError, CalledProcessError."""
    with TemporaryDirectory() as place:
        every, needed = Path(place, "every"), Path(place, "needed")
        unpack(target, every)
        needed.mkdir()
        for path in Path(folder).iterdir():
            if path.stat().st_size <= LONGEST:
                (every / path.name).write_bytes(path.read_bytes())
        fuzz = Path(__file__).with_name("fuzz.py")
        subprocess.run([sys.executable, fuzz, target, needed, "-merge=1", every], check=True)
        write(target, [path.read_bytes() for path in needed.iterdir()])


if __name__ == "__main__":
    main(*sys.argv[1:])
