"""The finding: one device held against one policy."""

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Status: TypeAlias = Literal["covered", "likely", "depends", "not_covered", "unknown", "not_assessed", "excluded"]

STATUS_WORDS: Final = {
    "covered": "covered",
    "likely": "likely covered",
    "depends": "depends on",
    "not_covered": "not covered",
    "unknown": "unknown",
    "not_assessed": "not assessed",
    "excluded": "excluded by the owner",
}
# From what needs action most to what needs it least; the worst finding of a device leads its card.
STATUS_ORDER: Final = ("covered", "likely", "depends", "unknown", "not_assessed", "excluded", "not_covered")


@dataclass(frozen=True, slots=True)
class Finding:
    """One device against one policy.

    `status`: what follows for this device. `why`: one readable sentence with the fact that decided.
    `basis`: named_maker, affiliate, country_of_maker, certificate, or "" where nothing applied.
    `depends_on`: names of owner facts (owner.toml) that are missing and would decide.
    `duty`: False for instruments that bind no camera owner (export control, investment lists): information only.
    `binds_owner`: True, False, or None when the owner's facts are not known.
    `confidence`: of the maker behind the status, not a risk. `deadline`: ISO date or "".
    `reasons`: ids of the observations behind it.
    `remedy`: what the rule asks about a unit in place: remove, contain (may stay with controls), report,
    do_not_deploy, do_not_buy, do_not_provide, check; "" where nothing follows.
    """

    device: str
    policy: str
    title: str
    status: Status
    why: str
    basis: str = ""
    depends_on: tuple[str, ...] = ()
    duty: bool = True
    binds_owner: bool | None = None
    confidence: float = 0.0
    deadline: str = ""
    asks: str = ""
    reasons: tuple[str, ...] = ()
    remedy: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as a JSON object."""
        return {
            "device": self.device, "policy": self.policy, "title": self.title, "status": self.status,
            "why": self.why, "basis": self.basis, "depends_on": list(self.depends_on), "duty": self.duty,
            "binds_owner": self.binds_owner, "confidence": round(self.confidence, 4), "deadline": self.deadline,
            "asks": self.asks, "reasons": list(self.reasons), "remedy": self.remedy,
        }  # fmt: skip
