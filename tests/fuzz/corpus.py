"""The kept inputs: one file a target, one input a line in base64, sorted, so that a change reads as a change."""

import base64
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "corpus"


def read(target: str) -> list[bytes]:
    """Return the kept inputs of a target; none where it was never fuzzed."""
    path = FOLDER / f"{target}.b64"
    return [base64.b64decode(line) for line in path.read_text("ascii").splitlines()] if path.exists() else []


def write(target: str, inputs: Iterable[bytes]) -> None:
    """Keep these inputs, each once."""
    lines = sorted({base64.b64encode(data).decode("ascii") for data in inputs})
    (FOLDER / f"{target}.b64").write_text("".join(line + "\n" for line in lines), encoding="ascii")


def unpack(target: str, folder: Path) -> None:
    """Lay the kept inputs out as files, the way a fuzzer wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(read(target)):
        (folder / f"kept-{number}").write_bytes(data)
