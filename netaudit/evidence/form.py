"""Forms: firmware fills the same form for every unit, only a few words differ. A form is read once.

A form is what stays: fixed pieces of bytes, and between them the words that were seen to vary. Where the words of an
answer end up among its fields is found by the reader itself: it reads the form with a mark in the place of each word.
`cuts` says which words of an answer a reader hands on as they stand; no other word is ever taken for one that varies.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from operator import itemgetter
from struct import Struct
from typing import Any, Final

from netaudit.evidence.fields import Fields, every

Value = str | tuple[str, ...]
Part = Callable[[Sequence[str]], str]
"""The words of an answer to one text of its fields."""
Reader = Callable[[bytes], Fields]

WORD: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:+()@*-"
"""What a varying word may hold: nothing that has a meaning in any of the languages that are cut."""
_MARK: Final = re.compile(r"Xq(\d{4})qX")
_MARKED: Final = b"Xq%04dqX"


class ListRecipe:
    """The words of an answer to a field that holds several texts. `parts`: each of them, settled or to be made."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[str | Part]) -> None:
        self.parts = tuple(parts)

    def __call__(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of one answer."""
        return tuple([part if isinstance(part, str) else part(words) for part in self.parts])


Recipe = Part | ListRecipe
"""The words of an answer to one of its fields."""


class Form:
    """The fields of all answers of one form: settled ones, and recipes for those that vary."""

    __slots__ = ("names", "recipes", "settled")

    def __init__(self, fields: Fields, recipes: Mapping[str, Recipe]) -> None:
        self.names = tuple(fields)
        self.recipes = recipes
        self.settled = {name: value for name, value in fields.items() if name not in recipes}

    def parts(self, name: str) -> tuple[str | Part, ...]:
        """Return the texts of a field, each settled or to be made of an answer's words; none where it is absent."""
        recipe = self.recipes.get(name)
        if recipe is None:
            return every(self.settled, name)
        return recipe.parts if isinstance(recipe, ListRecipe) else (recipe,)


class Filled(Mapping[str, Value]):
    """The fields of one answer, as its form and its words."""

    __slots__ = ("form", "words")

    def __init__(self, form: Form, words: Sequence[str]) -> None:
        self.form = form
        self.words = words

    def __getitem__(self, name: str) -> Value:
        value = self.form.settled.get(name)
        return self.form.recipes[name](self.words) if value is None else value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, or `default` when absent."""
        value = self.form.settled.get(name)
        if value is None:
            recipe = self.form.recipes.get(name)
            return recipe(self.words) if recipe else default
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.form.names)

    def __len__(self) -> int:
        return len(self.form.names)

    def __repr__(self) -> str:
        return repr(dict(self))


class Grid:
    """Where the words of one form stand in answers of one length: all pieces are cut out and compared in two steps.

    Units of a series mostly agree in the lengths of their words. A fixed piece begins with a byte that no word holds,
    so the words are those that a search for the pieces would find.
    """

    __slots__ = ("_breaks", "_fixed", "_form", "_unpack")

    def __init__(self, pieces: Sequence[bytes], words: Sequence[str], form: Form) -> None:
        sizes = [len(pieces[0])]
        for word, piece in zip(words, pieces[1:], strict=True):
            sizes += [len(word), len(piece)]
        self._unpack = Struct("".join(f"{size}s" for size in sizes)).unpack
        self._fixed = tuple(pieces)
        self._breaks = b"\n" * (len(words) - 1)
        self._form = form

    def fill(self, document: bytes) -> Filled | None:
        """Return the fields of an answer of this length; None where it is not of this form."""
        parts = self._unpack(document)
        if parts[::2] != self._fixed:
            return None
        joined = b"\n".join(parts[1::2])
        if joined.translate(None, WORD) != self._breaks:
            return None
        return Filled(self._form, joined.decode("ascii").split("\n"))


class Mould:
    """One form and how its answers are recognised: by the fixed pieces, which must stand there to the byte."""

    def __init__(self, pieces: Sequence[bytes], words: Sequence[bytes], fields: Fields) -> None:
        self._fixed = pieces
        self._words = words
        self._varying: list[int] = []
        self.form = Form(fields, {})
        self._doubtful: list[Recipe] = []
        self._join()

    def fill(self, document: bytes) -> Filled | None:
        """Return the fields of an answer of this form; None for any other answer."""
        position = len(self._head)
        if not document.startswith(self._head):
            return None
        found: list[bytes] = []
        for first, piece in self._pieces:
            end = document.find(first, position)
            if end <= position or not document.startswith(piece, end):
                return None
            found.append(document[position:end])
            position = end + len(piece)
        if position != len(document):
            return None
        joined = b"\n".join(found)
        if joined.translate(None, WORD) != self._breaks:
            return None
        words = joined.decode("ascii").split("\n")
        return None if self._doubtful and not self._are_distinct(words) else Filled(self.form, words)

    def widen(self, words: Sequence[bytes], reader: Reader) -> bool:
        """Learn which words vary from one more answer of this form; False when the form cannot be read by marks."""
        new = {number for number, word in enumerate(words) if word != self._words[number]}
        if new.issubset(self._varying):
            return True
        self._varying = sorted(new.union(self._varying))
        self._join()
        fields = reader(b"".join(self._marked()))
        if any(_MARK.search(name) for name in fields):
            return False
        places = {number: place for place, number in enumerate(self._varying)}
        varying = {name: value for name, value in fields.items() if _MARK.search("".join(value))}
        self.form = Form(fields, {name: _recipe(value, places) for name, value in varying.items()})
        lists = [(name, value) for name, value in varying.items() if not isinstance(value, str)]
        self._doubtful = [self.form.recipes[name] for name, value in lists if not _differ(value)]
        return True

    def grid(self, filled: Filled) -> Grid | None:
        """Return the places of the words of an answer; None where each answer must be looked at more closely."""
        if self._doubtful or not self._pieces:
            return None
        return Grid([self._head, *(piece for _, piece in self._pieces)], filled.words, self.form)

    def _are_distinct(self, words: Sequence[str]) -> bool:
        """False when two values of a list are equal: some readers would keep one of them."""
        return all(len(set(values)) == len(values) for recipe in self._doubtful if (values := recipe(words)))

    def _join(self) -> None:
        """Join what is fixed and the words that do not vary to the pieces that stand between the varying ones."""
        pieces = [[self._fixed[0]]]
        for number, (word, fixed) in enumerate(zip(self._words, self._fixed[1:], strict=True)):
            if number in self._varying:
                pieces.append([fixed])
            else:
                pieces[-1] += [word, fixed]
        self._head, *rest = map(b"".join, pieces)
        self._pieces = [(piece[:1], piece) for piece in rest]
        self._breaks = b"\n" * (len(rest) - 1)

    def _marked(self) -> Iterator[bytes]:
        yield self._fixed[0]
        for number, (word, fixed) in enumerate(zip(self._words, self._fixed[1:], strict=True)):
            yield _MARKED % number if number in self._varying else word
            yield fixed


def has_mark(document: bytes) -> bool:
    """True when an answer holds what could be taken for a mark."""
    return b"Xq" in document or b"qX" in document


def _recipe(value: Value, places: Mapping[int, int]) -> Recipe:
    return _text_recipe(value, places) if isinstance(value, str) else _list_recipe(value, places)


def _text_recipe(text: str, places: Mapping[int, int]) -> Part:
    fixed = _MARK.split(text)
    picked = itemgetter(*(places[int(number)] for number in fixed[1::2]))
    if fixed[::2] == ["", ""]:
        return picked
    if len(fixed) == 3:
        head, number, tail = fixed
        place = places[int(number)]
        return lambda words: f"{head}{words[place]}{tail}"
    template = "%s".join(part.replace("%", "%%") for part in fixed[::2])
    return lambda words: template % picked(words)


def _list_recipe(values: Sequence[str], places: Mapping[int, int]) -> ListRecipe:
    return ListRecipe([_text_recipe(text, places) if _MARK.search(text) else text for text in values])


def _differ(values: Sequence[str]) -> bool:
    """True when values of a list cannot become equal, whatever their words: they begin differently."""
    return all(_part_ways(_MARK.split(one)[0], _MARK.split(two)[0], one, two) for one, two in combinations(values, 2))


def _part_ways(one: str, two: str, *_whole: str) -> bool:
    return not one.startswith(two) and not two.startswith(one)
