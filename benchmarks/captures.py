"""How fast a capture is read: packets a second on one core, and how the memory grows.

    .venv/bin/python benchmarks/captures.py [PACKETS] [--format pcap|pcapng] [--file FILE]

Without --file a capture is made, as a mirror port of a camera network shows it: 70 % media over UDP, 20 % TCP data,
4 % ARP (a quarter of it new), 6 % announcements and answers (mDNS, SSDP, WS-Discovery, HTTP, RTSP), a tenth with a tag.
"""

import argparse
import resource
import struct
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from netaudit.intake.formats.capture import FORMAT
from netaudit.intake.model import Told
from netaudit.intake.source import sources

_WSD = Path(__file__).resolve().parents[1] / "tests" / "recorded" / "wsd"


def _ip(number: int) -> bytes:
    return bytes([10, 20, number >> 8 & 255, number & 255])


def _mac(number: int) -> bytes:
    return b"\x44\x19\xb6" + number.to_bytes(3)


def _ethernet(source: bytes, kind: int, payload: bytes, tag: bool = False) -> bytes:
    tagged = struct.pack(">HH", 0x8100, 20) if tag else b""
    return b"\x00\x11\x22\x33\x44\x55" + source + tagged + struct.pack(">H", kind) + payload


def _ipv4(source: int, protocol: int, payload: bytes) -> bytes:
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + _ip(source) + _ip(1) + payload


def _udp(source: int, port: int, to: int, payload: bytes) -> bytes:
    return _ipv4(source, 17, struct.pack(">HHHH", port, to, 8 + len(payload), 0) + payload)


def _tcp(source: int, port: int, to: int, sequence: int, payload: bytes) -> bytes:
    return _ipv4(source, 6, struct.pack(">HHIIBBHHH", port, to, sequence, 0, 0x50, 0x18, 0, 0, 0) + payload)


def _frames(count: int) -> "list[bytes]":
    random = Random(889)
    media, data = random.randbytes(1200), random.randbytes(1400)
    answers = [
        lambda n: _udp(n, 5353, 5353, _MDNS), lambda n: _udp(n, 1900, 1900, _SSDP),
        lambda n: _udp(n, 3702, 40000, _WSD_HIT),
        lambda n: _tcp(n, 80, 40000 + n % 999, n, _HTTP), lambda n: _tcp(n, 554, 40000 + n % 999, n, _RTSP),
    ]  # fmt: skip
    frames = []
    for number in range(count):
        host, dice, tag = random.randrange(2, 800), random.random(), number % 10 == 0
        if dice < 0.7:
            payload = _udp(host, 20000 + host, 50000 + host, media[:12] + number.to_bytes(4) + media[16:])
        elif dice < 0.9:
            payload = _tcp(host, 554, 30000 + host, number, data)
        elif dice < 0.94:
            arp = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + _mac(host) + _ip(host) + bytes(6) + _ip(1)
            frames.append(_ethernet(_mac(host), 0x0806, arp + bytes(18), tag))
            continue
        else:
            payload = random.choice(answers)(host)
        frames.append(_ethernet(_mac(host), 0x0800, payload, tag))
    return frames


_MDNS = (
    bytes.fromhex("000084000000000100000000")
    + b"\x05_http\x04_tcp\x05local\x00\x00\x0c\x00\x01\x00\x00\x11\x94\x00\x06\x03cam\xc0\x0c"
)
_SSDP = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nSERVER: Linux UPnP/1.0\r\n\r\n"
_WSD_HIT = next(iter(sorted(path for path in _WSD.rglob("*") if path.is_file()))).read_bytes()
_HTTP = b'HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\nWWW-Authenticate: Digest realm="x", nonce="1"\r\n\r\n'
_RTSP = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to 1F0", nonce="2"\r\n\r\n'


def _write(path: Path, count: int, kind: str) -> None:
    with path.open("wb") as file:
        if kind == "pcap":
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        else:
            file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
            file.write(struct.pack("<IIHHII", 1, 20, 1, 0, 262144, 20))
        for number, frame in enumerate(_frames(min(count, 200_000))):
            at = 1_700_000_000_000_000 + number * 100
            if kind == "pcap":
                file.write(struct.pack("<IIII", at // 10**6, at % 10**6, len(frame), len(frame)) + frame)
            else:
                padded = frame + bytes(-len(frame) % 4)
                size = 32 + len(padded)
                file.write(struct.pack("<IIIIIII", 6, size, 0, at >> 32, at & 0xFFFFFFFF, len(frame), len(frame)))
                file.write(padded + struct.pack("<I", size))


def main() -> None:
    """Make a capture, read it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packets", nargs="?", type=int, default=200_000)
    parser.add_argument("--format", choices=("pcap", "pcapng"), default="pcap")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / f"made.{options.format}"
        if not options.file:
            _write(path, options.packets, options.format)
        with sources([str(path)]) as (source,):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began, processor = time.perf_counter(), time.process_time()
            found = Counter(item.kind for item in FORMAT.read(source) if isinstance(item, Told))
            wall, spent = time.perf_counter() - began, time.process_time() - processor
        size = path.stat().st_size
    packets = options.packets if not options.file else 0
    print(dict(found), source.losses)
    print(f"{size / 1e6:.0f} MB in {wall:.2f} s ({spent:.2f} s of processor): {size / spent / 1e6:.0f} MB/s", end="")
    print(f", {packets / spent:,.0f} packets/s" if packets else "")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory: {more:.0f} MB more than before reading")


if __name__ == "__main__":
    main()
