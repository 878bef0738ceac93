"""The device: the answer of the identification, with every reason. Format of design 4.2."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

Grade: TypeAlias = Literal["confirmed", "probable", "possible", "unknown"]
Strength: TypeAlias = Literal["proof", "strong", "moderate", "weak", "nothing"]

DEVICE_TYPES: Final = (
    "camera", "recorder", "encoder", "intercom", "access_control", "vms", "network", "printer",
    "computer", "media", "phone", "storage", "other", "unknown",
)  # fmt: skip
SURVEILLANCE_TYPES: Final = frozenset({"camera", "recorder", "encoder", "intercom", "access_control", "vms"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `value` is an id of a word list (or the model, firmware, serial itself), None when not known.

    `confidence`: probability in [0, 1] that the value is right. `name`: for people. `grade`: only for the maker.
    `typed`: "NAME on DATE" where a person typed this answer, else "".
    """

    value: str | None = None
    confidence: float = 0.0
    name: str | None = None
    grade: Grade | None = None
    typed: str = ""

    def to_dict(self, *, named: bool = False) -> dict[str, Any]:
        """Return value, name, confidence, grade, typed; the last two and the name only where they mean something.

        `named`: the value is an id that has a name for people, null where nothing is known.
        """
        out: dict[str, Any] = {"value": self.value}
        if named or self.name is not None:
            out["name"] = self.name
        out["confidence"] = round(self.confidence, 4)
        if self.grade is not None:
            out["grade"] = self.grade
        if self.typed:
            out["typed"] = self.typed
        return out


class Reason(Struct, frozen=True, gc=False):
    """One signature hit on one observation. `saw` is the text that matched, `layer` the independent layer it is of."""

    observation: str
    signature: str
    says: Mapping[str, str]
    strength: Strength
    saw: str
    layer: str

    def to_dict(self) -> dict[str, Any]:
        """Return the reason as written in devices.jsonl."""
        return {
            "observation": self.observation, "signature": self.signature, "says": dict(self.says),
            "strength": self.strength, "saw": self.saw, "layer": self.layer,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction: what it says, and which independent layers say so."""

    value: str
    layers: tuple[str, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Clues that cannot all be right: about the maker, brand, model or type. `text` is one readable sentence."""

    question: str
    sides: tuple[Side, ...]
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the contradiction as written in devices.jsonl."""
        sides = [{"value": s.value, "layers": list(s.layers), "signatures": list(s.signatures)} for s in self.sides]
        return {"question": self.question, "text": self.text, "sides": sides}


@dataclass(frozen=True, slots=True)
class Device:
    """One device as identified. `traits`: form_factor, megapixels, lens, ir, channels ... as looked up from the model.

    `names`: host name, ONVIF name or friendly name, for people; untrusted text.
    """

    device: str
    subject: str | None
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    ports: tuple[int, ...]
    type: Answer
    maker: Answer
    brand: Answer
    model: Answer
    firmware: Answer
    serial: Answer
    soc: Answer
    relabelled: bool | None
    contradictions: tuple[Contradiction, ...] = ()
    reasons: tuple[Reason, ...] = ()
    site: str = ""
    names: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    first_seen: str = ""
    last_seen: str = ""
    observations: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the device as one line of `netaudit identify --format jsonl`, keys in the documented order."""
        texts = ("model", "firmware", "serial", "soc")
        return {
            "device": self.device,
            "subject": self.subject,
            "addresses": list(self.addresses),
            "macs": list(self.macs),
            "ports": list(self.ports),
            "type": self.type.to_dict(),
            "maker": self.maker.to_dict(named=True),
            "brand": self.brand.to_dict(named=True),
            **{name: getattr(self, name).to_dict() for name in texts},
            "relabelled": self.relabelled,
            "contradictions": [item.to_dict() for item in self.contradictions],
            "reasons": [item.to_dict() for item in self.reasons],
            "site": self.site,
            "names": list(self.names),
            "traits": dict(self.traits),
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "observations": list(self.observations),
        }
