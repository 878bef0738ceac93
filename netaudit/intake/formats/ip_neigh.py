"""`ip neigh` of Linux, as text and as JSON."""

from collections.abc import Iterator

from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.json_items import objects, text_of
from netaudit.intake.model import Format, Item, told
from netaudit.intake.printed import dialect, printed
from netaudit.intake.source import Source

_TEXT = printed(
    "ip_neigh",
    "Neighbours of a Linux computer or router",
    ("ip neigh", "ip -6 neigh", "ip -s neigh"),
    (
        dialect(
            r"IP dev (?P<interface>\S+) lladdr MAC(?: (?:router|proxy|extern_learn|used|probes|ref|[\d/]+))*"
            r"(?: (?P<state>[A-Z]{4,10}))?(?: .*)?",
            "10.20.0.7 dev eth0 lladdr 44:19:b6:0a:0b:0c REACHABLE",
        ),
    ),
    marks=r" lladdr ",
    note="FAILED and INCOMPLETE neighbours have no MAC and are left out.",
)


def _looks(head: Head) -> int:
    return 95 if head.text.lstrip().startswith("[") and '"lladdr"' in head.text and '"dst"' in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    with source.stream() as stream:
        for number, entry in enumerate(objects(stream, source.losses.append), 1):
            state = entry.get("state")
            shown = state[0] if isinstance(state, list) and state and isinstance(state[0], str) else ""
            row = tables.arp(
                text_of(entry, "dst"), text_of(entry, "lladdr"), interface=text_of(entry, "dev"), state=shown,
                source=source.owner,
            )  # fmt: skip
            yield from told(number, row)


FORMATS = (
    _TEXT,
    Format(
        "ip_neigh_json", "Neighbours of a Linux computer, as JSON", ("ip -j neigh",), (tables.ARP,), _looks, _read,
    ),
)  # fmt: skip
