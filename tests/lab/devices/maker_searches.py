"""Answers makers' searches as the protocol sheet records them: no third-party program speaks these protocols.

Every answer goes back to who asked, so that a query across a router gets one too. Run with the tests' own Python:
maker_searches.py IP PROBE...
"""

import select
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.probes.replies import ANSWERS, Answer


def _open(answer: Answer, ip: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for group in answer.groups:
        member = socket.inet_aton(group) + socket.inet_aton(ip)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    sock.bind(("", answer.port))
    return sock


def main(ip: str, *probes: str) -> None:
    """Answer for ever."""
    served = {_open(answer, ip): answer for answer in ANSWERS if answer.probe in probes}
    while True:
        for sock in select.select(list(served), [], [])[0]:
            _, (asker, port) = sock.recvfrom(4096)
            if asker != ip:
                sock.sendto(served[sock].reply, (asker, served[sock].to_port or port))


main(*sys.argv[1:])
