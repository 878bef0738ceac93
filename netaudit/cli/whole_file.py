"""Files that are there whole or not at all."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from netaudit.errors import NetauditError
from netaudit.evidence.log import OBSERVATIONS


def replace_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file in place of what was there. Raises NetauditError that says what to do."""
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        next_step = "choose another --out"
        if (path.parent / OBSERVATIONS).is_file():
            next_step = f"the log is whole; make room or see to the rights, then `netaudit report --run {path.parent}`"
        raise NetauditError(f"{path} cannot be written: {error.strerror}: {next_step}") from error
