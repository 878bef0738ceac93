"""How fast nmap's XML is imported: hosts a second in processor time, and whether memory stays flat.

.venv/bin/python benchmarks/nmap_hosts.py [HOSTS]
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from netaudit.intake.formats.nmap import FORMAT
from netaudit.intake.source import sources

_HEAD = '<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap -sV -oX x">\n'
_PORT = (
    '<port protocol="tcp" portid="{0}"><state state="open" reason="syn-ack"/><service name="http" product="httpd">'
    '<cpe>cpe:/a:x</cpe></service><script id="http-title" output="Login"><elem key="title">Login {0}</elem></script>'
    "</port>\n"
)


def _host(number: int) -> str:
    ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    mac = f"44:19:b6:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    closed = "".join(f'<port protocol="tcp" portid="{port}"><state state="closed"/></port>\n' for port in range(20, 36))
    ports = "".join(_PORT.format(port) for port in (80, 443, 554, 8000))
    return (
        '<host starttime="1795424206" endtime="1795424222"><status state="up" reason="arp-response"/>\n'
        f'<address addr="{ip}" addrtype="ipv4"/><address addr="{mac}" addrtype="mac" vendor="x"/>\n'
        f"<hostnames></hostnames><ports>{closed}{ports}</ports></host>\n"
    )


def main() -> None:
    """Make the files, read them, print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        for size in (count // 4, count):
            path = Path(folder) / "hosts.xml"
            with path.open("w", encoding="ascii") as file:
                file.write(_HEAD)
                file.writelines(map(_host, range(size)))
                file.write("</nmaprun>\n")
            with sources([str(path)]) as (source,):
                began = time.process_time()
                told = sum(1 for _ in FORMAT.read(source))
                spent = time.process_time() - began
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{size} hosts, {path.stat().st_size / 1e6:.0f} MB, {told} observations: {size / spent:,.0f} hosts/s",
                end="",
            )
            print(f", {path.stat().st_size / spent / 1e6:.0f} MB/s, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
