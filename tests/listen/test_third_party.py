"""Programs that we did not write, heard on a cable: a WS-Discovery host, a DHCP client, an LLDP agent."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.listen.support import Witness, listened
from tests.scan.support import MemoryLog
from tests.sweep.namespace import LIVING, THEIR_MAC, Cable

PROGRAMS = ("wsdd", "udhcpc", "lldpd")
CAMERA = "AXIS P3245-LVE Network Camera 10.12.1"
ARP, ARP_ANSWER = b"\x08\x06", b"\0\2"
WANTED = {"wsd.probe_match", "dhcp.lease", "lldp.announcement"}


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """What was started, stopped at the end."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        assert os.environ.get("CI") != "true", f"CI must have {', '.join(absent)}"
        pytest.skip(f"not installed: {', '.join(absent)}")
    children: list[subprocess.Popen[bytes]] = []
    yield children
    for child in children:
        child.terminate()
    for child in children:
        child.wait()


def test_what_other_peoples_programs_announce_is_heard(still: Cable, started: list[subprocess.Popen[bytes]]) -> None:
    def start(*command: str) -> None:
        inside = ["ip", "netns", "exec", still.far, *command]
        silent = subprocess.DEVNULL
        started.append(subprocess.Popen(inside, stdin=silent, stdout=silent, stderr=silent))

    def act() -> None:
        start("wsdd", "-i", "eth0", "-4", "-n", "FILESRV01", "-w", "OFFICE")
        start(
            "udhcpc", "-i", "eth0", "-f", "-n", "-q", "-s", "/bin/true", "-t", "5", "-T", "1",
            "-V", "AXIS,Network Camera,P3245,10.12.1", "-x", "hostname:axis-accc8e000007",
        )  # fmt: skip
        # Its control socket stands in a /run of its own, so that no other one of this machine is met.
        own = f"mount -t tmpfs tmpfs /run && mkdir /run/lldpd && exec lldpd -d -M 2 -I eth0 -S '{CAMERA}'"
        start("unshare", "--mount", "sh", "-c", own)

    def enough(log: MemoryLog) -> bool:
        return {made.kind for made in log.written} >= WANTED

    with Witness(still.far) as witness:
        _, log = listened(still, act, enough)
        # Asked who has our address, our kernel answers.
        assert [frame for frame in witness.seen() if frame[12:14] != ARP or frame[20:22] != ARP_ANSWER] == []
    said = {made.kind: made for made in log.written}
    assert said["wsd.probe_match"].target["ip"] in LIVING
    assert said["wsd.probe_match"].target["mac"] == THEIR_MAC
    assert said["dhcp.lease"].fields["vendor_class"] == "AXIS,Network Camera,P3245,10.12.1"
    assert said["dhcp.lease"].fields["hostname"] == "axis-accc8e000007"
    assert said["lldp.announcement"].fields["system_description"] == CAMERA
