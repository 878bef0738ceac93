"""What most makers' own searches are: a constant packet to the whole segment, known answers. Not a probe itself."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from netaudit.evidence import kinds
from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

BROADCAST: Final = "255.255.255.255"


class Search:
    """A SegmentProbe made of constants. An answer is what the reader of `kind` can read: never our own query.

    `payloads`: label to bytes. `bind`, `from_both`, `listen_groups`, `repeats`: see `Datagram`.
    `also`: further ports with what is asked there: (port, fixed local port, label, bytes).
    `unicast`: the protocol answers a query to one address, also across routers.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    experimental: ClassVar[bool] = False
    kind: ClassVar[str]
    port: ClassVar[int]
    payloads: ClassVar[Mapping[str, bytes]]
    groups: ClassVar[tuple[str, ...]] = (BROADCAST,)
    bind: ClassVar[int | None] = None
    from_both: ClassVar[bool] = True
    listen_groups: ClassVar[tuple[str, ...]] = ()
    repeats: ClassVar[int] = 2
    unicast: ClassVar[bool] = False
    also: ClassVar[tuple[tuple[int, int | None, str, bytes], ...]] = ()

    def announce(self) -> Sequence[Datagram]:
        """Ask every group."""
        asked = [self._datagram(label, payload, group) for group in self.groups for label, payload in self._asked()]
        return asked + [one for group in self.groups for one in self._elsewhere(group)]

    def directed(self) -> Sequence[Datagram]:
        """Ask one address, where the protocol answers that."""
        if not self.unicast:
            return ()
        return [self._datagram(label, payload, None) for label, payload in self._asked()] + self._elsewhere(None)

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep what is an answer of this protocol."""
        return [Heard(self.kind, message) for message in reply.messages if kinds.read(self.kind, message)]

    def _elsewhere(self, group: str | None) -> list[Datagram]:
        return [
            Datagram(payload, port, group, bind=bind, repeats=self.repeats, label=label)
            for port, bind, label, payload in self.also
        ]

    def _asked(self) -> Sequence[tuple[str, bytes]]:
        return tuple(self.payloads.items())

    def _datagram(self, label: str, payload: bytes, group: str | None) -> Datagram:
        return Datagram(
            payload,
            self.port,
            group,
            bind=self.bind,
            repeats=self.repeats,
            label=label,
            from_both=self.from_both,
            listen_groups=self.listen_groups if group else (),
        )
