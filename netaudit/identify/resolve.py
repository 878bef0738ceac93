"""From what a pattern captured to ids of the word lists."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from netaudit.identify.device import Strength
from netaudit.identify.hit import Vote
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.signature import SLOT, Signature, known_ids
from netaudit.identify.words import plain

TEXT_QUESTIONS: Final = ("model", "firmware", "serial", "soc")
_LONGEST: Final = 128
_LEGAL_FORM: Final = re.compile(
    r"(?i)(?:[\s,.]{1,3}\(?(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|ent|gmbh|kg|ag|ab|as|a/s|sa|"
    r"s\.?p\.?a|s\.?r\.?l|s\.?l|bv|b\.v|nv|n\.v|oy|oyj|pte|pvt)\)?\.?){1,5}\s{0,2}$"
)
"""Legal forms at the end of a company's name: "Merit LILIN Ent. Co., Ltd." is "Merit LILIN"."""
EMPTY_WORDS: Final = frozenset(
    {"", "na", "none", "null", "unknown", "default", "notspecified", "undefined", "general", "generic", "private",
     "ipcamera", "ipcam", "camera", "networkcamera", "networkvideotransmitter", "ipc", "nvr", "dvr", "onvif", "device",
     "tobefilledbyoem", "onvifcamera", "name", "model", "test"}
)  # fmt: skip
"""Plain texts that firmware sends when it has nothing to say."""


def statements(signature: Signature, match: re.Match[str], knowledge: Knowledge) -> dict[str, str]:
    """Return what this match says: ids that exist, cleaned texts; whatever cannot be resolved is left out."""
    known = _known_ids(knowledge)
    out: dict[str, str] = {}
    for question, template in signature.says.items():
        value = fill(template, match)
        if value and (question not in known or value in known[question]):
            out[question] = value
    _follow_platform(out, knowledge)
    _resolve_brand(out, knowledge)
    if model := out.pop("model_text", ""):
        out.setdefault("model", model)
    for question in TEXT_QUESTIONS:
        if question in out and is_empty_word(out[question]):
            del out[question]
    return out


@lru_cache(maxsize=4)
def _known_ids(knowledge: Knowledge) -> dict[str, Any]:
    return known_ids(knowledge)


def ballots(says: Mapping[str, str], layer: str, strength: Strength) -> tuple[tuple[Vote, ...], tuple[Vote, ...]]:
    """Split statements into votes for ids and votes for texts; a worthless clue has none."""
    if strength == "nothing":
        return (), ()
    votes = tuple(Vote(q, says[q], layer, strength) for q in ("maker", "brand", "type") if q in says)
    texts = tuple(Vote(q, says[q], layer, strength) for q in TEXT_QUESTIONS if q in says)
    return votes, texts


def brand_of(text: str, knowledge: Knowledge) -> str:
    """Return the id of the brand that a free text names, "" when it names none.

    The whole text counts, or its first words where the rest looks like a model code ("AXIS M2036-LE").
    """
    if brand := _named(text, knowledge):
        return brand
    words = text[:_LONGEST].replace("_", " ").split()
    for count in range(len(words) - 1, 0, -1):
        rest = "".join(words[count:])
        head = " ".join(words[:count])
        if (
            len(plain(head)) > 2
            and any(character.isdigit() for character in rest)
            and (found := _named(head, knowledge))
        ):
            return found
    return ""


def is_empty_word(text: str) -> bool:
    """True for texts that firmware sends when it has nothing to say."""
    return plain(text) in EMPTY_WORDS


def _named(text: str, knowledge: Knowledge) -> str:
    return _known(plain(text), knowledge) or _known(plain(_LEGAL_FORM.sub("", text[:_LONGEST])), knowledge)


def _known(key: str, knowledge: Knowledge) -> str:
    return knowledge.brand_names.get(key) or knowledge.own_brands.get(knowledge.maker_names.get(key, ""), "")


def fill(template: str, match: re.Match[str]) -> str:
    """Return a template with the groups of a match in it: one line, at most 128 characters."""
    if "{" not in template:
        text = template
    elif template[1:-1] in match.re.groupindex:
        text = match[template[1:-1]] or ""
    else:
        text = SLOT.sub(lambda slot: match.group(slot.group(1)) or "", template)
    cut = text[:_LONGEST]
    return (cut if cut.isprintable() else "".join(c for c in cut if c.isprintable())).strip()


def _follow_platform(said: dict[str, str], knowledge: Knowledge) -> None:
    platform = knowledge.platforms.get(said.get("platform", ""))
    if platform and platform.maker:
        said.setdefault("maker", platform.maker)


def _resolve_brand(said: dict[str, str], knowledge: Knowledge) -> None:
    text = said.pop("brand_text", "")
    if text and (brand := brand_of(text, knowledge)):
        said.setdefault("brand", brand)
