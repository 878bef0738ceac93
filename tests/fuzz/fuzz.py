"""Fuzz one parser with atheris: fuzz.py TARGET FOLDER [libFuzzer options]. See README.md."""

import os
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

NAMED = "NETAUDIT_FUZZ_TARGET"

with atheris.instrument_imports(include=["netaudit"]):
    from tests.fuzz.corpus import unpack
    from tests.fuzz.targets import targets

    # A merge starts this program again by a shell, with all arguments but the target's name.
    sys.argv[0] = f"{sys.executable} {sys.argv[0]}"
    name = os.environ.get(NAMED) or sys.argv.pop(1)
    os.environ[NAMED] = name
    target = targets()[name]
    target(b"")

if not any(argument.startswith("-merge") for argument in sys.argv):
    unpack(name, Path(sys.argv[1]))
atheris.Setup(sys.argv, target)
atheris.Fuzz()
