"""A device's RTSP server: OPTIONS is answered, DESCRIBE is refused with a realm. No video is ever served.

Settings: ports, server, realm, scheme ("Digest" or "Basic"), public, fragile (the device dies of bad input).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from netaudit.demo.message import Message, read_message
from netaudit.demo.model import DemoDevice
from netaudit.demo.stage import Stage

_PUBLIC: Final = "OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER"
_HARMLESS: Final = frozenset({"OPTIONS", "DESCRIBE"})


async def perform(stage: Stage, device: DemoDevice, spec: Mapping[str, Any]) -> None:
    """Open the RTSP ports of one device."""
    for port in spec.get("ports", (554,)):
        await stage.tcp(device, port, _Conversation(stage, device, spec, port).hold)


class _Conversation:
    def __init__(self, stage: Stage, device: DemoDevice, spec: Mapping[str, Any], port: int) -> None:
        self._stage, self._device, self._spec, self._port = stage, device, spec, port

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_message(reader):
            harm = self._harm(request)
            what = f"{request.method} {request.target}"
            self._stage.journal.note(self._device.address, "rtsp", self._port, what, harm)
            if not request.version.startswith("RTSP/"):
                if self._spec.get("fragile"):
                    self._stage.knock_out(self._device.address)
                else:
                    writer.write(b"RTSP/1.0 400 Bad Request\r\n\r\n")
                return
            writer.write(self._answer(request))
            await writer.drain()

    def _harm(self, request: Message) -> str:
        if not request.version.startswith("RTSP/"):
            return "not RTSP on an RTSP port" if self._spec.get("fragile") else ""
        if request.method not in _HARMLESS:
            return f"{request.method} starts or changes a stream"
        if request.header("authorization"):
            return "a login that was not given for this device"
        if request.method == "DESCRIBE" and urlsplit(request.target).path not in ("", "/", "*"):
            return "asks for video"
        return ""

    def _answer(self, request: Message) -> bytes:
        lines = ["RTSP/1.0 200 OK", f"CSeq: {request.header('cseq') or '0'}"]
        if server := self._spec.get("server"):
            lines.append(f"Server: {server}")
        if request.method == "OPTIONS":
            lines.append(f"Public: {self._spec.get('public', _PUBLIC)}")
        elif request.method == "DESCRIBE":
            lines[0] = "RTSP/1.0 401 Unauthorized"
            lines.append(self._challenge())
        else:
            lines[0] = "RTSP/1.0 455 Method Not Valid in This State"
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _challenge(self) -> str:
        realm = self._spec.get("realm", "")
        if self._spec.get("scheme", "Digest") == "Basic":
            return f'WWW-Authenticate: Basic realm="{realm}"'
        return f'WWW-Authenticate: Digest realm="{realm}", nonce="{self._device.values["nonce"]}"'
