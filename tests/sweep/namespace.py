"""A cable of our own: two network namespaces and a veth pair between them. Needs root; nothing leaves it."""

import ctypes
import os
import platform
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

OUR_MAC = "02:00:00:00:00:01"
THEIR_MAC = "44:19:b6:00:00:01"
OURS = "10.66.0.1"
OURS_V6, THEIRS_V6 = "fd00:66::1", "fd00:66::10"
LIVING = tuple(f"10.66.0.{number}" for number in (10, 11, 12))
_NEWNET = 0x40000000
_ETH_P_ALL = 3
_TIMESTAMPS = 35
_CAPSET = {"x86_64": 126, "aarch64": 91}


def why_not() -> str:
    """Why namespaces cannot be made here, "" where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "the program ip (iproute2) is not installed"
    made = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return "" if made.returncode == 0 else "network namespaces are not allowed here"


class Cable:
    """`near` is where we stand (10.66.0.1/24), `far` has the living hosts, all behind one MAC."""

    def __init__(self) -> None:
        self.near, self.far = (f"netaudit-{side}-{os.getpid()}-{id(self):x}" for side in ("near", "far"))

    def __enter__(self) -> "Cable":
        self._ip("netns", "add", self.near)
        self._ip("netns", "add", self.far)
        veth = ["link", "add", "eth0", "address", OUR_MAC, "type", "veth", "peer", "name", "eth0"]
        self._ip("-n", self.near, *veth, "address", THEIR_MAC, "netns", self.far)
        for side in (self.near, self.far):
            self._ip("-n", side, "link", "set", "lo", "up")
            self._ip("-n", side, "link", "set", "eth0", "up")
        self._ip("-n", self.near, "addr", "add", f"{OURS}/24", "dev", "eth0")
        for address in LIVING:
            self._ip("-n", self.far, "addr", "add", f"{address}/24", "dev", "eth0")
        for side, address in ((self.near, OURS_V6), (self.far, THEIRS_V6)):
            self._ip("-n", side, "addr", "add", f"{address}/64", "dev", "eth0", "nodad")
        self.wait_for_carrier()
        return self

    def wait_for_carrier(self) -> None:
        """The kernel may take a second to bring a new cable to life, and drops silently what is sent before."""
        for side in (self.near, self.far):
            show = ["ip", "-n", side, "-br", "link", "show", "eth0"]
            for _ in range(200):
                if subprocess.run(show, check=True, capture_output=True, text=True).stdout.split()[1] == "UP":
                    break
                time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        for side in (self.near, self.far):
            self._ip("netns", "del", side)

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="session")
def cable() -> Iterator[Cable]:
    """A cable with three living hosts; skips, saying why, where namespaces cannot be made."""
    if reason := why_not():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)
    with Cable() as laid:
        yield laid


def run_in(namespace: str, work: Callable[[], T]) -> T:
    """Call `work` in a thread that stands in the namespace; sockets made there, and their children, belong to it."""
    result: list[Any] = []

    def enter() -> None:
        try:
            _enter(namespace)
            result.extend((True, work()))
        except BaseException as error:
            result.extend((False, error))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if not result[0]:
        raise result[1]
    return result[1]  # type: ignore[no-any-return]


def can_give_up() -> bool:
    """True where the number of the system call is known."""
    return platform.machine() in _CAPSET


def give_up_raw() -> None:
    """Give up CAP_NET_RAW, in this thread only."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = struct.pack("=Ii", 0x20080522, 0)
    status = Path("/proc/thread-self/status").read_text(encoding="utf-8").splitlines()
    held = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    kept = held & ~(1 << 13)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    assert libc.syscall(_CAPSET[platform.machine()], head, struct.pack("=6I", low, low, 0, high, high, 0)) == 0


@contextmanager
def listening(namespace: str, *places: tuple[str, int]) -> Iterator[None]:
    """Hold TCP ports open in a namespace."""
    sockets = run_in(namespace, lambda: [_listener(*place) for place in places])
    try:
        yield
    finally:
        for sock in sockets:
            sock.close()


@contextmanager
def watching(namespace: str) -> Iterator[list[tuple[float, bytes]]]:
    """Every frame that comes out of the cable in a namespace, with the kernel's moment of it."""
    frames: list[tuple[float, bytes]] = []
    over = threading.Event()
    ready = threading.Event()

    def listen() -> None:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)) as sock:
            sock.bind(("eth0", _ETH_P_ALL))
            sock.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
            sock.settimeout(0.05)
            ready.set()
            while not over.is_set():
                with suppress(TimeoutError):
                    frame, ((_, _, stamp),), _, (_, _, kind, *_) = sock.recvmsg(2048, 64)
                    if kind != socket.PACKET_OUTGOING:
                        seconds, nanoseconds = struct.unpack("=qq", stamp)
                        frames.append((seconds + nanoseconds / 1e9, frame))

    thread = threading.Thread(target=run_in, args=(namespace, listen))
    thread.start()
    ready.wait()
    try:
        yield frames
    finally:
        over.set()
        thread.join()


def _listener(address: str, port: int) -> Any:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.listen()
    return sock


def _enter(namespace: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(descriptor, _NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(descriptor)
