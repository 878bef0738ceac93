"""What is known of whom: makers by kinds of observation, with the number of signatures that lead to each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.identify.knowledge import Knowledge
from netaudit.workshop.written import claimed_maker

_SHORT: Final = {
    "http.favicon": "favicon", "onvif.pre_auth": "pre-auth", "onvif.scopes": "scopes", "dahua_cgi.system_info": "cgi",
    "recorder.channel": "channel",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coverage:
    """`kinds`: the columns. `rows`: maker id to count by kind; only makers that anything leads to.

    `silent`: makers of the word list that no signature leads to. A label's signatures count for its own maker.
    """

    kinds: tuple[str, ...]
    rows: dict[str, Counter[str]]
    silent: tuple[str, ...]


def coverage(knowledge: Knowledge) -> Coverage:
    """Count the signatures that say something, by maker and kind; those that name no maker are left out."""
    rows: dict[str, Counter[str]] = {}
    for signature in knowledge.signatures.values():
        if signature.strength == "nothing":
            continue
        if maker := maker_of(dict(signature.says), knowledge):
            rows.setdefault(maker, Counter())[signature.kind] += 1
    kinds = tuple(sorted({signature.kind for signature in knowledge.signatures.values()}))
    silent = tuple(sorted(set(knowledge.makers) - rows.keys()))
    ordered = sorted(rows.items(), key=lambda row: (-row[1].total(), row[0]))
    return Coverage(kinds, dict(ordered), silent)


def maker_of(says: dict[str, str], knowledge: Knowledge) -> str:
    """Return the maker that a signature leads to, also through a maker's own label; "" for none."""
    brand = knowledge.brands.get(says.get("brand", ""))
    return claimed_maker(says, knowledge) or (brand.own_of if brand else "")


def grouped(kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return short column names with their kinds, for a terminal: the makers' own search protocols are one column."""
    out: dict[str, list[str]] = {}
    for kind in kinds:
        own = kind.endswith(".reply") and kind != "ssdp.reply"
        out.setdefault("search" if own else _SHORT.get(kind, kind.partition(".")[0]), []).append(kind)
    return {name: tuple(members) for name, members in out.items()}
