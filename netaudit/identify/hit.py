"""The hit: one signature that fitted one value, with its statements resolved to ids."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from netaudit.identify.device import Strength


class Vote(NamedTuple):
    """One statement that counts: `question` (maker, brand, type) or text question (model, firmware, serial, soc)."""

    question: str
    value: str
    layer: str
    strength: Strength


class Hit(Struct, frozen=True, eq=False, gc=False):
    """One signature on one value. Shared by all observations with this value; never changed.

    `votes` answer by ids, `texts` by free text. `generic`: the maker whose all-purpose MAC block this is: it
    supports that maker only once the device is known to be surveillance equipment.
    """

    signature: str
    says: Mapping[str, str]
    strength: Strength
    saw: str
    layer: str
    votes: tuple[Vote, ...] = ()
    texts: tuple[Vote, ...] = ()
    generic: str = ""
