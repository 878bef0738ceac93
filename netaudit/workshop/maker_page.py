"""One page for a maker, made from the data: who it is, what it sells under which label, and what names it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.identify.knowledge import Knowledge
from netaudit.identify.words import OWN_RELATIONS, Brand, Edge, MadeBy, Maker
from netaudit.policy.model import Policy
from netaudit.workshop.coverage import maker_of
from netaudit.workshop.written import Written

_LEAST_SIGNATURES: Final = 3
_RELATIONS: Final = {
    "oem_relabel": "relabelled", "odm_partial": "part of the range", "former_oem": "formerly", "acquired": "acquired",
}  # fmt: skip
_ROLES: Final = {
    "camera maker": "Camera blocks: a unit with such an address was built by this maker",
    "generic": "Blocks of many kinds of equipment: no clue without another one",
    "module maker": "Blocks of chips and modules: they say nothing about who built the unit",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that pages are made of. `blocks`: MAC prefix to (organisation, maker, role)."""

    knowledge: Knowledge
    items: Sequence[Written]
    policies: Sequence[Policy]
    blocks: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one maker."""

    maker: Maker
    signatures: tuple[Written, ...]
    own: tuple[Brand, ...]
    built: tuple[tuple[Brand, MadeBy], ...]
    blocks: tuple[tuple[str, str], ...]

    @property
    def worth_a_page(self) -> bool:
        """True with three signatures, or with one label that somebody else sells."""
        return len(self.signatures) >= _LEAST_SIGNATURES or bool(self.built)


def known_makers(facts: Facts) -> list[Known]:
    """Return what is known of every maker, sorted by id."""
    words = facts.knowledge
    signatures: dict[str, list[Written]] = {}
    for item in facts.items:
        if item.strength != "nothing" and (maker := maker_of(item.says, words)):
            signatures.setdefault(maker, []).append(item)
    return [
        Known(
            maker=maker,
            signatures=tuple(sorted(signatures.get(maker.id, ()), key=lambda item: (item.kind, item.field, item.id))),
            own=tuple(brand for brand in words.brands.values() if _is_own(brand, maker.id)),
            built=tuple(
                (brand, row)
                for brand in words.brands.values()
                for row in brand.made_by
                if row.maker == maker.id and not _is_own(brand, maker.id)
            ),
            blocks=tuple(sorted((role, prefix) for prefix, (_, who, role) in facts.blocks.items() if who == maker.id)),
        )
        for maker in sorted(words.makers.values(), key=lambda maker: maker.id)
    ]


def page(known: Known, facts: Facts) -> str:
    """Return the page of one maker in Markdown."""
    maker = known.maker
    parts = [
        f"# {_text(maker.short or maker.name)}\n\nGenerated from the data; see [all makers](README.md).\n",
        _table(("", ""), _identity(maker, facts.knowledge)),
        _section("Ties to other companies", ("company", "tie", "to", "from", "until", "how sure"), _ties(maker, facts)),
        _section("Own labels", ("label", "other spellings"), ((b.name, ", ".join(b.aliases)) for b in known.own)),
        _section("Labels of others that it builds", ("label", "how", "what of it", "region", "years", "how sure"),
                 (_built(brand, row) for brand, row in sorted(known.built, key=lambda pair: pair[0].name.casefold()))),
        _blocks(known),
        _section("What names it", ("kind", "field", "signature", "strength", "sources"),
                 (_signature(item) for item in known.signatures)),
        _section("Model codes", ("label", "pattern", "type", "form", "meaning"),
                 ((row.brand, _code(row.pattern.pattern), row.type, row.form_factor, row.meaning)
                  for row in facts.knowledge.models if row.maker == maker.id), raw=1),
        _section("Policies that name it", ("policy", "title", "binds camera owners"), _policies(maker, facts.policies)),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def index(all_known: Sequence[Known]) -> str:
    """Return the index page in Markdown."""
    rows = (
        (f"[{_text(k.maker.short or k.maker.name)}]({k.maker.id}.md)", k.maker.country, str(len(k.signatures)),
         str(len(k.own)), str(len({brand.id for brand, _ in k.built})), str(len(k.blocks)))
        for k in all_known if k.worth_a_page
    )  # fmt: skip
    others = ", ".join(_text(k.maker.short or k.maker.name) for k in all_known if not k.worth_a_page)
    head = ("maker", "country", "signatures", "own labels", "labels of others", "MAC blocks")
    return (
        "# Makers\n\nGenerated from `signatures/` and `oui_data/`:\n"
        "`python -m netaudit.cli.maker_pages docs/reference/makers`. A test keeps the pages true.\n"
        "A maker has a page where three signatures lead to it, or where it builds what somebody else sells\n"
        "under another label. How to read the data: [signatures](../signatures.md).\n\n"
        + _table(head, rows, raw=0)
        + f"\nKnown, but without a page: {others}.\n"
    )


def _identity(maker: Maker, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    parent = knowledge.makers.get(maker.parent)
    yield "legal name", maker.name
    yield "id", maker.id
    yield "country", maker.country or "not known"
    yield "owned by", parent.name if parent else "nobody known"
    if maker.aliases:
        yield "also written", "; ".join(maker.aliases)


def _ties(maker: Maker, facts: Facts) -> Iterator[tuple[str, ...]]:
    words = facts.knowledge
    ours = {maker.id, *(brand.id for brand in words.brands.values() if _is_own(brand, maker.id))}

    def name(company: str) -> str:
        known = words.makers.get(company) or words.brands.get(company)
        return known.name if known else company

    def row(edge: Edge) -> tuple[str, ...]:
        ends = (edge.since or "-", edge.until or "-", edge.confidence)
        return (name(edge.origin), edge.kind.replace("_", " "), name(edge.target), *ends)

    yield from (row(edge) for edge in words.affiliations if {edge.origin, edge.target} & ours)


def _built(brand: Brand, row: MadeBy) -> tuple[str, ...]:
    return (
        brand.name, _RELATIONS.get(row.relation, row.relation), row.scope, row.region or "-", row.years or "-",
        row.confidence,
    )  # fmt: skip


def _blocks(known: Known) -> str:
    lines: list[str] = []
    for role, meaning in _ROLES.items():
        if prefixes := [prefix for had, prefix in known.blocks if had == role]:
            lines += [f"{meaning} ({len(prefixes)}):\n", ", ".join(f"`{prefix.upper()}`" for prefix in prefixes) + "\n"]
    return "\n".join(["## MAC blocks\n", *lines]) if lines else ""


def _signature(item: Written) -> tuple[str, ...]:
    sources = item.entry.data.get("sources", [])
    return (item.kind, item.field, item.id, item.strength, "; ".join(map(str, sources)))


def _policies(maker: Maker, policies: Sequence[Policy]) -> Iterator[tuple[str, ...]]:
    for policy in policies:
        if any(entity.named and entity.maker == maker.id for entity in policy.entities):
            yield policy.id, policy.title, "yes" if policy.duty else "no, information only"


def _is_own(brand: Brand, maker: str) -> bool:
    return brand.own_of == maker or any(row.maker == maker and row.relation in OWN_RELATIONS for row in brand.made_by)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], raw: int = -1) -> str:
    rows = list(rows)
    return f"## {title}\n\n{_table(head, rows, raw)}" if rows else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], raw: int = -1) -> str:
    """Lay out a table. `raw`: the column that is Markdown already."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(c if n == raw else _text(c) for n, c in enumerate(row)) + " |")
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Escape what Markdown or HTML would read in a text."""
    out = text.replace("&", "&amp;").replace("<", "&lt;")
    for mark in "\\|*_`[]":
        out = out.replace(mark, "\\" + mark)
    return " ".join(out.split())


def _code(text: str) -> str:
    """A pattern as code inside a table cell."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|")
