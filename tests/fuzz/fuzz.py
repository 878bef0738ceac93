"""Fuzz one parser with atheris: fuzz.py TARGET FOLDER [libFuzzer options]. See README.md."""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["netaudit"]):
    from tests.fuzz.corpus import unpack
    from tests.fuzz.targets import targets

    name = sys.argv.pop(1)
    target = targets()[name]
    target(b"")

if not any(argument.startswith("-merge") for argument in sys.argv):
    unpack(name, Path(sys.argv[1]))
atheris.Setup(sys.argv, target)
atheris.Fuzz()
