"""There is one door to the wire: no other file of the product makes a socket or lets asyncio make one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import netaudit

ROOT = Path(netaudit.__file__).parent
DOOR = ROOT / "net" / "sockets.py"
# The exceptions to the gate, on request only, to hosts that are no device: public lists of the MAC registry by https,
# the time stamp authority, the sign-in service and the servers for notices that the user names (see their docstrings).
REGISTRY = ROOT / "registry" / "download.py"
TIME_STAMP = ROOT / "notary" / "ask.py"
NOTICES = ROOT / "notice" / "door"
# The sign-in service that the administrator of the page names.
SIGN_IN = ROOT / "web" / "oidc_ask.py"
# The owner's NetBox, by a library that opens connections of its own.
NETBOX = ROOT / "netbox" / "client.py"
# The virtual building is a server: it answers, it never asks.
SERVERS = (ROOT / "demo",)

MAKERS = {
    "socket": {"socket", "create_connection", "create_server", "socketpair", "fromfd", "SocketType"},
    "asyncio": {"open_connection", "open_unix_connection", "start_server", "start_unix_server"},
}
# Methods of an event loop, whatever the loop is called.
LOOP_MAKERS = {"create_connection", "create_datagram_endpoint", "create_server", "sock_connect", "sock_sendto"}
CLIENTS = {
    "http.client",
    "urllib.request",
    "requests",
    "pynetbox",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "telnetlib",
    "xmlrpc",
}


def offences(path: Path) -> Iterator[str]:
    """Every place of a file that would open a socket."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if node.func.attr in MAKERS.get(owner, set()) | LOOP_MAKERS:
                yield f"{path.name}:{node.lineno}: {owner}.{node.func.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in (*MAKERS, *CLIENTS):
            taken = {alias.name for alias in node.names}
            if node.module in CLIENTS or taken & MAKERS[node.module]:
                yield f"{path.name}:{node.lineno}: from {node.module} import {', '.join(sorted(taken))}"
        elif isinstance(node, ast.Import) and {alias.name for alias in node.names} & CLIENTS:
            yield f"{path.name}:{node.lineno}: import of a network client"


def product_files() -> list[Path]:
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if path not in (DOOR, REGISTRY, TIME_STAMP, SIGN_IN, NETBOX)
        and not any(path.is_relative_to(folder) for folder in (*SERVERS, NOTICES))
    ]


def test_no_other_file_makes_a_socket() -> None:
    assert [offence for path in product_files() for offence in offences(path)] == []


def test_only_the_update_of_the_registry_reaches_the_exception() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if "netaudit.registry.download" in path.read_text(encoding="utf-8")
    }
    assert importers == {"cli/oui.py"}


def test_the_door_itself_would_be_noticed(tmp_path: Path) -> None:
    assert list(offences(DOOR))
    other = tmp_path / "other.py"
    other.write_text(
        "import asyncio, urllib.request\nfrom socket import create_connection\n"
        "async def f(loop):\n    await asyncio.open_connection('a', 1)\n    await loop.create_datagram_endpoint(None)\n"
    )
    assert len(list(offences(other))) == 4


def test_only_a_pack_that_is_to_be_time_stamped_reaches_the_other() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if "netaudit.notary.ask" in path.read_text(encoding="utf-8")
    }
    assert importers == {"cli/pack.py"}


def test_only_signing_in_reaches_the_sign_in_service() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if "netaudit.web.oidc_ask" in path.read_text(encoding="utf-8")
    }
    assert importers == {"web/oidc.py"}


def test_only_a_hand_over_by_the_api_reaches_a_netbox() -> None:
    assert importers("netaudit.netbox.client") == {"cli/export_netbox.py"}


def test_only_the_sender_of_notices_reaches_their_door() -> None:
    assert importers("netaudit.notice.door", NOTICES) == {"notice/deliver.py"}


def test_notices_are_sent_only_by_the_commands_that_say_so() -> None:
    assert importers("netaudit.notice.deliver") == {"cli/notices.py", "cli/tell.py"}
    assert importers("netaudit.cli.tell") == {"cli/notices.py", "cli/run_schedule.py"}


def test_the_door_of_the_notices_sees_no_device() -> None:
    for path in sorted(NOTICES.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {name for name in taken if name.startswith("netaudit.")}
        assert {name for name in ours if not name.startswith("netaudit.notice.")} == set(), path


def importers(name: str, besides: Path | None = None) -> set[str]:
    """The files that name a module."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if name in path.read_text(encoding="utf-8") and not (besides and path.is_relative_to(besides))
    }
