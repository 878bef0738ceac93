"""The TCP scan: every pair decided once, rightly, with few sockets as with many."""

import asyncio
import socket
from collections import Counter
from contextlib import ExitStack

import pytest

from netaudit.net.connects import ConnectScan, Verdict
from tests.net.support import door_and_pacer, wire_for

SCOPE = "127.9.8.0/24"


def scan(
    targets: list[tuple[str, int]], in_flight: int = 4096, patience: float = 2.5
) -> list[tuple[str, int, Verdict]]:
    decided: list[tuple[str, int, Verdict]] = []

    async def scenario() -> None:
        door, pacer = door_and_pacer(SCOPE)
        note = lambda address, port, verdict: decided.append((address, port, verdict))  # noqa: E731
        await ConnectScan(door, pacer, note, patience, in_flight).scan(targets)

    asyncio.run(scenario())
    return decided


def listener(stack: ExitStack, address: str, port: int = 0, backlog: int = 64) -> int:
    sock = stack.enter_context(socket.socket())
    sock.bind((address, port))
    sock.listen(backlog)
    return int(sock.getsockname()[1])


@pytest.mark.parametrize("in_flight", [1, 7, 4096])
def test_open_and_closed_are_told_apart(in_flight: int) -> None:
    with ExitStack() as stack:
        port = listener(stack, "127.9.8.1")
        targets = [(f"127.9.8.{number}", port) for number in range(1, 200)]
        decided = scan(targets, in_flight)
    assert sorted(pair[:2] for pair in decided) == sorted(targets)
    assert Counter(verdict for *_, verdict in decided) == {"open": 1, "closed": 198}
    assert ("127.9.8.1", port, "open") in decided


def test_a_port_that_drops_is_silent() -> None:
    with ExitStack() as stack:
        port = listener(stack, "127.9.8.1", backlog=0)
        filler = stack.enter_context(socket.socket())
        filler.setblocking(False)
        filler.connect_ex(("127.9.8.1", port))
        open_port = listener(stack, "127.9.8.2")
        decided = scan([("127.9.8.1", port), ("127.9.8.2", open_port)], patience=0.2)
    assert set(decided) == {("127.9.8.1", port, "silent"), ("127.9.8.2", open_port, "open")}


def test_outside_the_scope_nothing_is_tried() -> None:
    with ExitStack() as stack:
        sock = stack.enter_context(socket.socket())
        sock.bind(("127.9.9.1", 0))
        sock.listen()
        sock.setblocking(False)
        assert scan([("127.9.9.1", sock.getsockname()[1])]) == [("127.9.9.1", sock.getsockname()[1], "not_sent")]
        with pytest.raises(BlockingIOError):
            sock.accept()


def test_never_touch_ports_are_not_tried() -> None:
    assert scan([("127.9.8.1", 9100)]) == [("127.9.8.1", 9100, "not_sent")]


def test_a_cancelled_scan_leaves_no_socket_behind() -> None:
    async def scenario() -> int:
        with ExitStack() as stack:
            port = listener(stack, "127.9.8.1", backlog=0)
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.9.8.1", port))
            wire = wire_for(SCOPE)
            task = asyncio.create_task(wire.connect_scan([("127.9.8.1", port)] * 5, lambda *_: None, 60.0))
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return wire.packets

    # An unclosed socket would be a ResourceWarning, which is an error here.
    assert asyncio.run(scenario()) == 5
