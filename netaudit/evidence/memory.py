"""Answers of one kind that were just read, and their forms: what is known need not be read again."""

from collections.abc import Callable, Hashable
from typing import Final

from netaudit.evidence.cuts import Cut, pieces
from netaudit.evidence.fields import Fields
from netaudit.evidence.form import Filled, Form, Grid, Mould, has_mark

_REMEMBERED: Final = 256
_ALIKE: Final = 16
"""Forms with the same bucket that are tried one by one."""
_GRIDS: Final = 256
"""Lengths of answers for which it is remembered where the words stand."""
_SAME_LENGTH: Final = 8
"""Grids of one length that are tried one by one."""
_LONGEST: Final = 3584
"""Bytes of an answer that is worth remembering; with every mark in it no text of it reaches `MAX_TEXT`."""
_MOST_WORDS: Final = 192

_Shape = tuple[bytes, ...]


class Memory:
    """What was read of one kind. `reader`: bytes to fields; `cut`: None where only equal answers are known again."""

    def __init__(self, reader: Callable[[bytes], Fields], cut: Cut | None) -> None:
        self._reader = reader
        self._cut = cut
        self._known: dict[bytes, Fields] = {}
        self._moulds: dict[_Shape, Mould | None] = {}
        self._alike: dict[Hashable, list[Mould]] = {}
        self._grids: dict[int, list[Grid]] = {}

    def find(self, raw: bytes) -> Fields | None:
        """Return the fields of an answer that is known, or of a known form; None for any other."""
        cut = self._cut
        if cut is None:
            return self._again(raw)
        document = raw if raw.startswith(cut.start) else _from(raw, cut.start)
        for grid in self._grids.get(len(document), ()):
            found = grid.fill(document)
            if found is not None:
                return found
        for mould in self._alike.get(cut.bucket(document), ()):
            found = mould.fill(document)
            if found is not None:
                self._note(mould.grid(found), len(document))
                return found
        return None

    def _again(self, raw: bytes) -> Fields | None:
        """Return the fields of an answer that came before; those of one that comes again have a form."""
        found = self._known.get(raw)
        if found is not None and type(found) is not Filled:
            found = self._known[raw] = Filled(Form(found, {}), ())
        return found

    def keep(self, raw: bytes, fields: Fields) -> None:
        """Remember an answer, and learn its form."""
        if len(raw) > _LONGEST:
            return
        if self._cut is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[raw] = fields
        else:
            self._learn(_from(raw, self._cut.start), fields, self._cut)

    def _note(self, grid: Grid | None, length: int) -> None:
        """Remember where the words of an answer of this length stand."""
        if grid is None:
            return
        if len(self._grids) >= _GRIDS:
            self._grids.clear()
        same = self._grids.setdefault(length, [])
        same.insert(0, grid)
        del same[_SAME_LENGTH:]

    def _learn(self, document: bytes, fields: Fields, cut: Cut) -> None:
        if not _is_plain(document):
            return
        fixed, words = pieces(document, cut)
        shape, bucket = (*fixed,), cut.bucket(document)
        if shape not in self._moulds:
            if 0 < len(words) <= _MOST_WORDS:
                self._add(shape, Mould(fixed, words, fields), bucket)
        elif mould := self._moulds[shape]:
            known = mould.form
            if mould.widen(words, self._reader) and mould.fill(document) in (None, fields):
                self._put_first(mould, bucket)
            else:
                self._forget(shape, mould, bucket)
            if mould.form is not known:
                self._grids.clear()

    def _add(self, shape: _Shape, mould: Mould, bucket: Hashable) -> None:
        if len(self._moulds) >= _REMEMBERED:
            self._moulds.clear()
            self._alike.clear()
        self._moulds[shape] = mould
        self._put_first(mould, bucket)

    def _put_first(self, mould: Mould, bucket: Hashable) -> None:
        alike = self._alike.setdefault(bucket, [])
        if mould in alike:
            alike.remove(mould)
        alike.insert(0, mould)
        del alike[_ALIKE:]

    def _forget(self, shape: _Shape, mould: Mould, bucket: Hashable) -> None:
        """What a reader does not hand on as it stands has no form."""
        self._moulds[shape] = None
        self._grids.clear()
        if mould in (alike := self._alike.get(bucket, [])):
            alike.remove(mould)


def _from(raw: bytes, start: bytes) -> bytes:
    """Return an answer from the byte on where its reader begins; b"" where there is none."""
    begin = raw.find(start)
    return raw[begin:] if begin >= 0 else b""


def _is_plain(document: bytes) -> bool:
    """True for UTF-8 without what could be taken for a mark."""
    try:
        document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(document) and not has_mark(document)
