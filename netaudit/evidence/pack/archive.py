"""Writing a pack: the same files give the same bytes, with the same compression library. No clock is read."""

import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from netaudit.errors import NetauditError

_REGULAR_FILE: Final = 0o100644 << 16
_UNIX: Final = 3
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_FIRST: Final = ("README.txt",)


def write_archive(path: Path, files: Mapping[str, bytes], moment: str) -> None:
    """Write the pack whole or not at all. `moment`: RFC 3339 in UTC, the time that every file in it carries."""
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(files, key=lambda name: (name not in _FIRST, name)):
                archive.writestr(_entry(name, moment), files[name])
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise NetauditError(
            f"{path} cannot be written: {error.strerror or error}. Make room, or choose --out"
        ) from error


def _entry(name: str, moment: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _date(moment))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _REGULAR_FILE
    entry.create_system = _UNIX
    return entry


def _date(moment: str) -> tuple[int, int, int, int, int, int]:
    digits = [moment[:4], moment[5:7], moment[8:10], moment[11:13], moment[14:16], moment[17:19]]
    if not all(part.isascii() and part.isdigit() for part in digits):
        return _EARLIEST
    year, month, day, hour, minute, second = map(int, digits)
    return max((year, month, day, hour, minute, second - second % 2), _EARLIEST)
