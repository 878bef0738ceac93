"""Every address that it names is another host's: XAddrs, LOCATION, redirects, links, challenges."""

from tests.hostile.serve import HTTP_PORTS, probe_match, says, ssdp, tcp, udp

THIRD = "10.66.0.200"
"""On the same segment, outside the scope, and really there."""
_XADDRS = f"http://{THIRD}/onvif/device_service http://{THIRD}:8080/x http://10.66.0.5/onvif http://[fd00:66::10]/onvif"
_PAGE = (
    f"HTTP/1.1 302 Found\r\nLocation: http://{THIRD}/\r\nContent-Location: http://{THIRD}/c\r\n"
    f'WWW-Authenticate: Digest realm="x", nonce="1", domain="http://{THIRD}/"\r\nRefresh: 0; url=http://{THIRD}/r\r\n'
    f"Content-Length: 120\r\n\r\n"
).encode() + f'<meta http-equiv="refresh" content="0; url=http://{THIRD}/m"><a href="//{THIRD}/">'.ljust(120).encode()


async def serve(ip: str) -> None:
    """A device that wants us to go elsewhere."""
    await tcp(ip, (*HTTP_PORTS, 554), says(_PAGE))
    await udp(ip, 3702, lambda _: (probe_match(_XADDRS),), "239.255.255.250")
    await udp(ip, 1900, lambda _: (ssdp(f"http://{THIRD}:80/d.xml"), ssdp(f"http://{THIRD}:49152/")), "239.255.255.250")
