"""How one request to one host ended: data, never an exception."""

from dataclasses import dataclass

from netaudit.net.exchange import Reply, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request and what came of it.

    `reply`: set when `status` is "answered". `reached`: the host did something (accepted, refused, answered).
    `sent`, `received`: bytes of ours and theirs. `late`: it answered, but was cut at the deadline.
    """

    status: Status
    reason: str = ""
    reply: Reply | None = None
    reached: bool = False
    sent: int = 0
    received: int = 0
    late: bool = False
