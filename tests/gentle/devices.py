"""Ordinary devices for counting packets: `python -m tests.gentle.devices READY`. RTSP is the canary's."""

import asyncio
import ssl
import subprocess
import sys
from pathlib import Path

from tests.hostile.serve import page, probe_match, says, tcp, udp
from tests.sweep.namespace import LIVING

_BODY = b"<html><title>Camera</title>" + b"<p>words</p>" * 1200 + b"</html>"


def _certificate(folder: Path) -> ssl.SSLContext:
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=camera"]
    subprocess.run(["openssl", *words, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def _serve(ready: Path, context: ssl.SSLContext) -> None:
    big, plain, mute = LIVING
    await tcp(big, (80,), says(page(_BODY, "Server: Webs")))
    await tcp(plain, (80,), says(page(b"<title>x</title>", "Server: Webs")))
    await tcp(mute, (21,), says(b"220 ready\r\n"))
    await asyncio.start_server(_secret, plain, 443, ssl=context)
    for ip in (big, plain):
        match = probe_match(f"http://{ip}/onvif/device_service", uuid=f"urn:uuid:{ip}")
        await udp(ip, 3702, lambda _, match=match: (match,), "239.255.255.250")  # type: ignore[misc]
        await udp(ip, 37020, lambda _: (b"<ProbeMatch><DeviceDescription>x</DeviceDescription></ProbeMatch>",))
    await asyncio.to_thread(ready.touch)
    await asyncio.Event().wait()


async def _secret(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await says(page(b"<title>secret</title>"))(reader, writer)
    writer.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), _certificate(Path(sys.argv[1]).parent)))
