"""Forms: firmware fills the same XML form for every unit, only a few texts differ. A form is parsed once.

A document is cut at the texts between its tags; what remains is the form. The strict parser reads the form with a mark
in the place of each text, so where a text goes was decided by the parser. A text that could mean more than itself
(markup, references, what XML forbids) is left in the form, and a form that the parser refuses is none.

Most texts of a form are the same in every document. Only those that were seen to vary are looked at in the next one;
the rest must stand there to the letter.
"""

import re
from collections.abc import Sequence
from typing import Final

from netaudit.evidence.xml_parser import Node, has_document_type, leaves, parse, subtrees

_MARK: Final = "\ue000"
_TEXT = re.compile(r">([ \t\r\n]*|[^<>&\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*)<")
_MARKED = re.compile(f"{_MARK}([0-9]+){_MARK}")
_REMEMBERED: Final = 256
_ALIKE: Final = 8
"""Forms with the same number of tags that are tried one by one."""
_LONGEST: Final = 8192
"""Characters of a document that is worth remembering."""

Leaf = tuple[str, str]
"""Name and text of an element without children."""


class Form:
    """One form: its tags, the texts of the first document, and which of them were seen to vary."""

    def __init__(self, shape: tuple[str, ...], texts: Sequence[str], elements: list[Node]) -> None:
        self._shape = shape
        self._texts = texts
        self._elements = elements
        self._varying: list[int] = []
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._join()

    def fits(self, document: str) -> list[str] | None:
        """Return the varying texts of a document of this form, in order; None for any other document."""
        head = self._head
        if not document.startswith(head):
            return None
        position = len(head)
        found: list[str] = []
        for piece in self._pieces:
            end = document.find("<", position)
            if end < 0 or not document.startswith(piece, end):
                return None
            found.append(document[position:end])
            position = end + len(piece)
        return found if position == len(document) and _is_plain("".join(found)) else None

    def widen(self, texts: Sequence[str]) -> None:
        """Learn which texts vary from one more document of this form."""
        new = {number for number, text in enumerate(texts) if text != self._texts[number]}
        if not new.issubset(self._varying):
            self._varying = sorted(new.union(self._varying))
            self._plans.clear()
            self._join()

    def leaves(self, names: tuple[str, ...], varying: Sequence[str]) -> list[list[Leaf]]:
        """Return the leaves under the elements of these names, in a document with these varying texts."""
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = self._plan(names)
        out: list[list[Leaf]] = []
        for settled, places in plan:
            tree = settled.copy()
            for index, name, number in places:
                tree[index] = (name, varying[number].strip())
            out.append(tree)
        return out

    def nodes(self, varying: Sequence[str]) -> list[Node]:
        """Return all elements of a document with these varying texts, in order."""
        texts = list(self._texts)
        for number, text in zip(self._varying, varying, strict=True):
            texts[number] = text
        return [
            Node(depth, name, texts[slot].strip() if (slot := _slot(text)) >= 0 else text)
            for depth, name, text in self._elements
        ]

    def _join(self) -> None:
        """Join tags and settled texts to the pieces that stand between the varying ones."""
        pieces = [""]
        for number, tags in enumerate(self._shape):
            pieces[-1] += tags if number == 0 else f"<{tags}"
            if number < len(self._texts):
                pieces[-1] += ">"
                if number in self._varying:
                    pieces.append("")
                else:
                    pieces[-1] += self._texts[number]
        self._head, *self._pieces = pieces

    def _plan(self, names: tuple[str, ...]) -> "_Plan":
        return [self._settle(list(leaves(tree))) for tree in subtrees(self._elements, *names)]

    def _settle(self, tree: list[Leaf]) -> tuple[list[Leaf], list[tuple[int, str, int]]]:
        slots = [_slot(text) for _, text in tree]
        settled = [
            (name, self._texts[slot].strip() if slot >= 0 else text)
            for (name, text), slot in zip(tree, slots, strict=True)
        ]
        order = {slot: number for number, slot in enumerate(self._varying)}
        return settled, [(index, tree[index][0], order[slot]) for index, slot in enumerate(slots) if slot in order]


_Plan = list[tuple[list[Leaf], list[tuple[int, str, int]]]]
"""For each subtree: its leaves as settled, and (place, name, number of the varying text) of those that vary."""

_forms: dict[tuple[str, ...], Form | None] = {}
_by_tags: dict[int, list[Form]] = {}


def form_of(document: str) -> tuple[Form, list[str]] | None:
    """Return the form of a document, and its varying texts; None where the document must be read by itself."""
    for form in _by_tags.get(document.count("<"), ()):
        varying = form.fits(document)
        if varying is not None:
            return form, varying
    learned = _learn(document) if _is_worth_it(document) else None
    varying = learned.fits(document) if learned else None
    return None if learned is None or varying is None else (learned, varying)


def _is_worth_it(document: str) -> bool:
    return 0 < len(document) <= _LONGEST and _MARK not in document and not has_document_type(document)


def _learn(document: str) -> Form | None:
    cut = _TEXT.split(document)
    if cut[0][-1:] == "?" and len(cut) > 2:
        cut[:3] = [f"{cut[0]}>{cut[1]}<{cut[2]}"]  # what follows the declaration is outside of the root element
    shape, texts = tuple(cut[::2]), cut[1::2]
    if shape in _forms:
        if form := _forms[shape]:
            form.widen(texts)
        return form
    if len(_forms) >= _REMEMBERED:
        _forms.clear()
        _by_tags.clear()
    elements = _parsed(shape)
    form = _forms[shape] = Form(shape, texts, elements) if elements else None
    if form:
        alike = _by_tags.setdefault(document.count("<"), [])
        alike.insert(0, form)
        del alike[_ALIKE:]
    return form


def _parsed(shape: tuple[str, ...]) -> list[Node] | None:
    marked = [f"{tags}>{_MARK}{number}{_MARK}<" for number, tags in enumerate(shape[:-1])]
    elements = parse("".join(marked) + shape[-1])
    if elements is None or any(_MARK in text and _slot(text) < 0 for _, _, text in elements):
        return None
    return elements


def _is_plain(text: str) -> bool:
    """True when a text means itself; stricter than XML, since the careful way is always open."""
    return text.isprintable() and ">" not in text and "&" not in text


def _slot(text: str) -> int:
    """Return the number of the text that a mark stands for; -1 for a text of the form's own."""
    marked = _MARKED.fullmatch(text)
    return int(marked[1]) if marked else -1
