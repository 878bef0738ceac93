"""The same sweep by nmap (`--engine nmap`), read through python-nmap: the one user of that package.

nmap runs as a process of its own and writes XML to a file, which is read host by host while it grows: what a killed run
had found is known by then. python-nmap itself would hold everything in memory and fail on a cut file (peers.md 3.6).
"""

import asyncio
import os
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from netaudit.errors import DataError, UsageError
from netaudit.scope.gate import Gate
from netaudit.scope.model import Limits
from netaudit.sweep.live_host import LiveHost
from netaudit.sweep.ports import CameraPorts

Heard: TypeAlias = Callable[[Sequence[LiveHost]], None]

_POLL: Final = 0.5
_MOST_AT_ONCE: Final = 8 << 20
_CAP_NET_RAW: Final = 1 << 13
_HOST_END: Final = b"</host>"
# What python-nmap insists on and a cut file lacks.
_TAIL: Final = (
    b'<runstats><finished time="0" timestr="" elapsed="0" exit="cut"/><hosts up="0" down="0" total="0"/></runstats>'
)
_ROOT_END: Final = b"</nmaprun>"


@dataclass(frozen=True, slots=True)
class NmapEnd:
    """How nmap ended. `whole`: by itself, and all that it wrote could be read. `message`: its last words if not."""

    whole: bool
    message: str = ""


def find_nmap() -> str:
    """Return the path of nmap. Raises UsageError where it is not installed."""
    path = shutil.which("nmap")
    if path is None:
        raise UsageError("--engine nmap needs the program nmap: install it (apt install nmap), or use --engine auto")
    return path


def command(nmap: str, targets: Path, xml: Path, ports: CameraPorts, limits: Limits, *, privileged: bool) -> list[str]:
    """Build the command line: our ports, our rates, no names looked up, no host asked that discovery did not see."""
    sought = ",".join(map(str, ports.discovery))
    delay = max(1, round(1000 / limits.packets_per_host))
    way = ["-sS", "--privileged"] if privileged else ["-sT", "--unprivileged"]
    return [
        *(nmap, "-n", *way, f"-PS{sought}", "-p", ",".join(map(str, ports.every))),
        *("--max-rate", str(limits.packets_per_second), "--scan-delay", f"{delay}ms", "--max-retries", "1"),
        *("-iL", str(targets), "-oX", str(xml)),
    ]


def may_send_raw(status: Path = Path("/proc/thread-self/status")) -> bool:
    """True when a program that we start may send raw packets: root with CAP_NET_RAW, or that as ambient capability."""
    lines = (line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("Cap"))
    held = {name: bool(int(value, 16) & _CAP_NET_RAW) for name, value in lines}
    return held.get("CapAmb", False) or (os.geteuid() == 0 and held.get("CapEff", False))


async def nmap_sweep(gate: Gate, addresses: Sequence[str], ports: CameraPorts, heard: Heard) -> NmapEnd:
    """Run nmap over these addresses, none else; `heard` gets living hosts while it runs, each once.

    The address list is written out after the gate has seen each: nmap gets no network that it could widen.
    """
    nmap = find_nmap()
    for address in addresses:
        gate.pass_(address, 0)
    with tempfile.TemporaryDirectory(prefix="netaudit-nmap-") as folder:
        targets, xml = _files(Path(folder), addresses)
        line = command(nmap, targets, xml, ports, gate.scope.limits, privileged=may_send_raw())
        return await _run(line, Stream(xml, frozenset(addresses), heard))


@dataclass(slots=True)
class Stream:
    """Reads a growing XML file of nmap. `broken`: why it cannot be read any further."""

    xml: Path
    wanted: frozenset[str]
    heard: Heard
    broken: str = ""
    _position: int = 0

    def read_on(self) -> None:
        """Hand on the hosts that were finished since the last time."""
        with self.xml.open("rb") as file:
            file.seek(self._position)
            piece = file.read(_MOST_AT_ONCE)
        # What is cut by the read, or not yet written, is read next time.
        end = piece.rfind(_HOST_END) + len(_HOST_END)
        if self.broken or end < len(_HOST_END):
            return
        begin = piece.find(b"<host")
        self._position += end
        try:
            hosts = read_hosts(b"<nmaprun>" + piece[max(begin, 0) : end])
        except DataError as error:
            self.broken = str(error)
            return
        if found := [host for host in hosts if host.ip in self.wanted]:
            self.heard(found)

    def read_all(self) -> None:
        """Read on until there is nothing new."""
        before = -1
        while self._position != before and not self.broken:
            before = self._position
            self.read_on()


def read_hosts(xml: bytes) -> list[LiveHost]:
    """Read the finished hosts of nmap's XML, cut anywhere or whole. Raises DataError for what is no nmap XML."""
    from nmap import PortScanner, PortScannerError

    if not (whole := _mended(xml)):
        return []
    # The constructor would start a process to ask for nmap's version; only the reader is wanted.
    scanner = PortScanner.__new__(PortScanner)
    try:
        scan = scanner.analyse_nmap_xml_scan(nmap_xml_output=whole.decode("utf-8", "replace"))
    except (PortScannerError, AttributeError, ValueError, TypeError) as error:
        raise DataError("nmap's XML", f"cannot be read: {str(error)[:100]}", "what nmap -oX writes") from error
    return [_host(ip, entry) for ip, entry in scan["scan"].items() if _is_up(entry)]


def _mended(xml: bytes) -> bytes:
    """Close a cut file after its last finished host; b"" where not even the root is there."""
    start = xml.find(b"<nmaprun")
    # Without the document type there is no entity that could be declared.
    if start < 0 or b">" not in xml[start:]:
        return b""
    body = xml[start:]
    if body.rstrip().endswith(_ROOT_END) and b"<runstats>" in body:
        return body
    end = body.rfind(_HOST_END)
    kept = body[: end + len(_HOST_END)] if end >= 0 else body[: body.index(b">") + 1]
    return kept + _TAIL + _ROOT_END


def _is_up(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("status", {}).get("state") == "up")


def _files(folder: Path, addresses: Sequence[str]) -> tuple[Path, Path]:
    targets, xml = folder / "targets", folder / "out.xml"
    targets.write_text("\n".join(addresses), encoding="ascii")
    xml.touch()
    return targets, xml


def _host(ip: str, entry: Mapping[str, Any]) -> LiveHost:
    states = {number: port["state"] for number, port in entry.get("tcp", {}).items()}
    return LiveHost(
        ip,
        "nmap",
        str(entry["addresses"].get("mac", "")).lower(),
        open_ports=frozenset(number for number, state in states.items() if state == "open"),
        closed_ports=frozenset(number for number, state in states.items() if state == "closed"),
    )


async def _run(line: Sequence[str], stream: Stream) -> NmapEnd:
    # A session of its own: Ctrl-C reaches us, and we end nmap after reading what it has.
    process = await asyncio.create_subprocess_exec(
        *line, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, start_new_session=True
    )
    watcher = asyncio.ensure_future(_watch(stream))
    try:
        _, errors = await process.communicate()
    finally:
        watcher.cancel()
        await _end(process)
        stream.read_all()
    message = stream.broken or errors.decode("utf-8", "replace").strip()[-300:]
    return NmapEnd(process.returncode == 0 and not stream.broken, message)


async def _watch(stream: Stream) -> None:
    while True:
        await asyncio.sleep(_POLL)
        stream.read_on()


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        await process.wait()
