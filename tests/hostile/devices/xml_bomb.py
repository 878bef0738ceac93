"""Entities that multiply, elements without end, entities that name files: in every answer that is XML."""

from tests.hostile.serve import HTTP_PORTS, page, says, ssdp, tcp, udp

_LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{_LAUGHS}]>'
    "<root><device><manufacturer>&l9;</manufacturer><friendlyName>&f;</friendlyName></device></root>"
).encode()
DEEP = b"<a>" * 12_000


async def serve(ip: str) -> None:
    """UPnP description, SOAP, WS-Discovery and SADP, all of them bombs."""
    await tcp(ip, HTTP_PORTS, says(page(BOMB, "Server: xml")))
    await udp(ip, 3702, lambda _: (BOMB, DEEP), "239.255.255.250")
    await udp(ip, 37020, lambda _: (BOMB, DEEP), "239.255.255.250")
    await udp(ip, 1900, lambda _: (ssdp(f"http://{ip}:80/description.xml"),), "239.255.255.250")
