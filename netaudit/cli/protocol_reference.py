"""Makes docs/reference/protocols.md from the allow-list and the probes, so that the page cannot lie.

python -m netaudit.cli.protocol_reference > docs/reference/protocols.md
"""

import sys
from collections.abc import Iterator

from netaudit.probes.base import is_experimental
from netaudit.scan.catalogue import all_probes
from netaudit.scope.allow_list import BROADCAST, Allowed, shipped_list
from netaudit.sweep.ports import camera_ports

_HEAD = """\
# What is sent, protocol by protocol

Generated (`python -m netaudit.cli.protocol_reference > docs/reference/protocols.md`); a test keeps it true.

Everything that netaudit can send stands in one file, `netaudit/scope/allow_list.toml`, byte by byte or as a template.
The gate holds every single request against it, and what matches no entry does not leave, whichever part of the program
wants it. `tests/probes/allow_list.py` is a second list, written independently; every probe is held against both.

**Mark**: `V n` means that n independent sources agree on the request, `S` that there is one source. What rests on one
source, and network gear that is no camera, is asked only with `netaudit scan --experimental`, and such evidence
carries `"experimental": true` in its `via`.
**To**: `segment` is a broadcast on each of your own links; an address is a multicast group there (TTL 1, never beyond
the link); `host` means that single addresses are asked too, across routers as well.
**Request**: the first twelve digits of the SHA-256 of the bytes, as `via.request` has it in the evidence; `varies`
where the bytes hold an address, a fresh identifier or a version.

| probe | request | transport | port | to | mark | experimental | request | sources |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""

_TAIL = """
TCP connections are opened to these ports and no others, except to a port that the device itself names for its UPnP
description: {ports}. `tcp_banner` sends nothing at all, it reads what FTP, telnet and (of likely cameras only) SSH
services say first; `tls_cert` shakes hands and leaves.

With `--engine syn` (and `auto` where it may) a port is tried by a single SYN frame instead of a connection. What
accepts it is closed at once: this machine's kernel knows of no such connection and answers with RST, so no program on
the device ever sees one. That RST counts against the limits too.

With `--engine nmap` the sweep's own packets (ARP, TCP to the same ports) are nmap's; all questions stay netaudit's.

SNMP is asked only of devices for which your scope has a `[[credential]]` with `protocols = ["snmp"]`; its secret is the
community of version 2c, or with `auth` the authentication secret of a user of version 3 (`privacy` and `privacy_secret`
where messages are encrypted too). The community is cut from the evidence.
The tables of switches and routers are read where your scope names them as `[[switch]]` or `[[router]]`, in version 2c
or 3: only the leaves and columns listed in `netaudit/scope/snmp_tables.toml`, by GET and GETBULK.

## What is left out, and why

Searches of Topsee, NiceVision, ACTi, JVC, Beward, Advantech, D-Link and "whsl" are described by one source each, with
the question or the answer not to the last byte, or beside commands that change settings, and are not sent. TP-Link's
older search on UDP 9999 is not sent, because its answer may hold a cloud account. No vendor's SDK port, P2P connect or
web login is ever spoken to.
"""


def page() -> str:
    """Return the whole page."""
    ports = ", ".join(map(str, sorted(camera_ports().every)))
    return _HEAD + "".join(map(_row, shipped_list().entries)) + _TAIL.format(ports=ports)


def _row(entry: Allowed) -> str:
    cells = (
        entry.probe,
        entry.label,
        entry.transport.upper() if entry.transport != "link" else "Ethernet",
        ", ".join(map(str, sorted(entry.ports))) or ("any web port" if entry.transport == "tcp" else "-"),
        ", ".join(_reached(entry)),
        entry.confidence,
        "yes" if entry.probe in _experimental() else "",
        _digest(entry),
        "; ".join(entry.sources),
    )
    return f"| {' | '.join(cells)} |\n"


def _reached(entry: Allowed) -> Iterator[str]:
    yield from ("segment" if group == BROADCAST else group for group in sorted(entry.groups))
    if entry.directed or entry.transport == "tcp":
        yield "host"
    elif entry.transport == "link":
        yield "segment"


def _experimental() -> frozenset[str]:
    return frozenset(probe.name for probe in all_probes().segment if is_experimental(probe))


def _digest(entry: Allowed) -> str:
    """The hash of a request that is the same every time; two rounds of announcements show which are."""
    rounds = [
        {
            datagram.digest
            for probe in all_probes().segment
            if probe.name == entry.probe and not hasattr(probe, "announce_from")
            for datagram in probe.announce()
            if entry.has_port(datagram.port) and entry.matches(datagram.payload)
        }
        for _ in range(2)
    ]
    same = sorted(rounds[0] & rounds[1])
    return f"`{same[0][:12]}`" if len(same) == 1 else "varies"


if __name__ == "__main__":
    sys.stdout.write(page())
