"""The program as a user starts it, and at the other end of the cable a witness who misses no frame: there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.listen.support import Witness, put
from tests.listen.test_listening_on_a_cable import FRAMES
from tests.sweep.namespace import OURS, Cable

SCOPE = """
[authorisation]
organisation = "Example Town"
authorised_by = "A. Person"
valid_from = 2026-01-01
valid_until = 2099-01-01
[[network]]
cidr = "10.66.0.0/27"
[[network]]
cidr = "fd00:66::/120"
"""
WITHOUT_FRAMES = ("setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw")
LISTENED = 3


@pytest.mark.parametrize("rights", [(), WITHOUT_FRAMES], ids=["root", "without CAP_NET_RAW"])
def test_from_start_to_report_not_one_frame_leaves(still: Cable, tmp_path: Path, rights: tuple[str, ...]) -> None:
    """Nor does our kernel say one for it: no membership (IGMP, MLD), no ARP, no neighbour discovery, no name asked."""
    (tmp_path / "scope.toml").write_text(SCOPE, encoding="utf-8")
    words = ["--for", str(LISTENED), "--scope", f"{tmp_path}/scope.toml", "--out", f"{tmp_path}/run"]
    inside = ["ip", "netns", "exec", still.near, *rights, sys.executable, "-m", "netaudit", "listen"]
    with Witness(still.far) as witness:
        child = subprocess.Popen(
            [*inside, *words, "--store", f"{tmp_path}/db"], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        )  # fmt: skip
        assert child.stderr is not None
        first: list[str] = []
        while not (line := child.stderr.readline()).startswith("listening:"):
            assert line, "it ended too early"
            first.append(line)
        put(still.far, FRAMES)
        _, errors = child.communicate(timeout=300)
        assert witness.seen() == []
    assert child.returncode in (0, 1), errors
    assert any("Nothing is sent and no group is joined" in line for line in first)
    assert any("no right to hear whole frames" in line for line in first) == bool(rights)
    assert (tmp_path / "run" / "report.html").exists()
    heard = (tmp_path / "run" / "observations.jsonl").read_text(encoding="utf-8")
    assert ("sadp.reply" in heard) == (not rights)
    assert OURS in heard or rights


def test_the_witness_sees_what_a_kernel_says_for_a_program(cable: Cable) -> None:
    """Else an empty list would prove nothing: one datagram to a host that is not there is one ARP request."""
    send = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.66.0.99', 9))"
    with Witness(cable.far) as witness:
        subprocess.run(["ip", "netns", "exec", cable.near, sys.executable, "-c", send], check=True)
        assert b"\x08\x06" in {frame[12:14] for frame in witness.seen()}
