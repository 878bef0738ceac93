"""What this machine is able to do: facts read from the kernel, nothing sent."""

import ctypes
import resource
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any, Final

from netaudit.diagnose.libraries import Libraries, libraries
from netaudit.net.interfaces import Interface, interfaces_in_scope, own_interfaces
from netaudit.net.neighbours import neighbour_room
from netaudit.net.routes import Route, read_routes
from netaudit.net.sockets import LinkFlags, link_flags
from netaudit.scope.model import Scope

_STATUS: Final = Path("/proc/thread-self/status")
_SETTINGS: Final = Path("/proc/sys/net/ipv4/conf")
_UDP: Final = ("/proc/thread-self/net/udp", "/proc/thread-self/net/udp6")
_CONTAINER: Final = ("/.dockerenv", "/run/.containerenv")
_TOOLS: Final = {"nmap": "--engine nmap cannot be used", "nft": "the local firewall cannot be checked"}
_CAP_NET_RAW: Final = 13
_TIME_ERROR: Final = 5
_TIMEX_SIZE: Final = 512


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts. `rp_filter`: mode of each interface in scope; `udp_ports`: local port to the program that holds it.

    `room`: further hosts of our links that the neighbour table can hold; `files`: sockets this process may have.
    `missing`: programs that are not installed, and what cannot be had without them.
    `firewall`: base chains that drop what they do not know, None where that could not be read.
    `interfaces`: those in scope; without a scope all of this machine, loopback left out.
    """

    raw_right: bool
    interfaces: tuple[Interface, ...]
    flags: Mapping[str, LinkFlags]
    losses: tuple[str, ...]
    routes: tuple[Route, ...]
    rp_filter: Mapping[str, int]
    udp_ports: Mapping[int, str]
    room: int
    files: int
    missing: Mapping[str, str]
    clock_kept: bool | None
    free_bytes: int
    in_container: bool = False
    firewall: tuple[str, ...] | None = None
    libraries: Libraries | None = None


def look(scope: Scope | None, folder: Path) -> Machine:
    """Read the facts; without a scope those of every link. `folder`: where runs are written."""
    interfaces, losses = interfaces_in_scope(scope) if scope else own_interfaces()
    names = dict.fromkeys(here.name for here in interfaces)
    return Machine(
        raw_right=_has_right(_CAP_NET_RAW),
        interfaces=interfaces,
        flags={name: link_flags(name) for name in names},
        losses=losses,
        routes=read_routes(),
        rp_filter={name: _rp_filter(name) for name in names},
        udp_ports=_udp_ports(),
        room=neighbour_room(),
        files=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        missing={name: use for name, use in _TOOLS.items() if shutil.which(name) is None},
        clock_kept=_clock_kept(),
        free_bytes=shutil.disk_usage(_existing(folder)).free,
        in_container=any(Path(mark).exists() for mark in _CONTAINER),
        firewall=_dropping_chains(),
        libraries=libraries(),
    )


def _has_right(number: int) -> bool:
    for line in _read(_STATUS).splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> number & 1)
    return False


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _number(path: Path) -> int:
    text = _read(path).strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _rp_filter(name: str) -> int:
    """The kernel takes the stricter of the two (0 off, 1 strict, 2 loose) as the larger number."""
    return max(_number(_SETTINGS / name / "rp_filter"), _number(_SETTINGS / "all" / "rp_filter"))


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.exists())


def _udp_ports() -> dict[int, str]:
    """Local UDP ports in use, and by whom: "" where we may not know."""
    held: dict[int, str] = {}
    for path in _UDP:
        for line in _read(Path(path)).splitlines()[1:]:
            words = line.split()
            with suppress(IndexError, ValueError):
                held[int(words[1].rpartition(":")[2], 16)] = words[9]
    owners = _owners({inode for inode in held.values() if inode != "0"})
    return {port: owners.get(inode, "") for port, inode in held.items()}


def _owners(inodes: set[str]) -> dict[str, str]:
    """Socket inode to the program that has it open, as far as we may look into other processes."""
    found: dict[str, str] = {}
    for process in Path("/proc").iterdir() if inodes else ():
        if not process.name.isdigit():
            continue
        with suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                inode = _socket_of(descriptor)
                if inode in inodes:
                    found[inode] = f"{_read(process / 'comm').strip()} (process {process.name})"
    return found


def _socket_of(descriptor: Path) -> str:
    try:
        target = str(descriptor.readlink())
    except OSError:
        return ""
    return target[8:-1] if target.startswith("socket:[") else ""


def _clock_kept() -> bool | None:
    """True when the kernel's clock is kept by a time service; None where it cannot be asked. Changes nothing."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_SIZE))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != _TIME_ERROR


def _dropping_chains() -> tuple[str, ...] | None:
    if shutil.which("nft") is None:
        return None
    try:
        done = subprocess.run(["nft", "-j", "list", "chains"], capture_output=True, timeout=5, check=True)  # noqa: S607
        chains = [entry["chain"] for entry in loads(done.stdout)["nftables"] if "chain" in entry]
    except (OSError, subprocess.SubprocessError, JSONDecodeError, KeyError):
        return None
    return tuple(_dropping(chains))


def _dropping(chains: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for chain in chains:
        if chain.get("policy") == "drop" and chain.get("hook") in ("input", "output"):
            yield f"{chain['hook']} ({chain.get('family')} {chain.get('table')} {chain.get('name')})"
