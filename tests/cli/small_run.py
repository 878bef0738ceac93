"""A small run in a folder, with real bytes: cameras of two banned makers and of another, a telnet login, silence."""

from pathlib import Path

from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import Observation, observe
from netaudit.evidence.run import RunInfo, write_run

SCOPE = b"""\
[authorisation]
organisation = "City of Example"
authorised_by = "A. Sample"
role = "Head of IT"
reference = "ITS-114"
valid_from = 2026-11-01
valid_until = 2027-10-31

[[network]]
cidr = "10.20.0.0/28"
site = "Town hall"
name = "CCTV"
exclude = ["10.20.0.14"]
"""
OWNER = """\
[owner]
organisation = "City of Example"
jurisdictions = ["US"]
"""
AT = "2026-11-20T08:05:00.000Z"
DAHUA_SERIAL = "4E0123456789ABC"
SECRETS = ("10.20.0.2", "10.20.0.3", "10.20.0.4", DAHUA_SERIAL, "44:19:b6:01:02:03", "A. Sample", "Lobby-cam")
"""What must not be in a redacted pack."""


def observations() -> list[Observation]:
    """Return what was heard."""
    realm = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to %s", nonce="5f"\r\n\r\n'
    hikvision = (
        b'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Uuid>1</Uuid><MAC>44-19-b6-01-02-03</MAC>'
        b"<DeviceType>12345</DeviceType><DeviceDescription>DS-2CD2143G0-I</DeviceDescription>"
        b"<DeviceSN>DS-2CD2143G0-I20200101AAWR123456789</DeviceSN><IPv4Address>10.20.0.3</IPv4Address></ProbeMatch>"
    )
    return [
        _heard("rtsp.response", "10.20.0.2", 554, realm % DAHUA_SERIAL.encode()),
        _heard("http.response", "10.20.0.2", 80, b"HTTP/1.1 200 OK\r\nServer: webs\r\n\r\n<title>WEB SERVICE</title>"),
        _heard("sadp.reply", "10.20.0.3", 37020, hikvision),
        observe("link.mac", AT, {"ip": "10.20.0.3"}, fields={"mac": "44:19:b6:01:02:03"}),
        _heard(
            "http.response", "10.20.0.4", 80, b"HTTP/1.1 200 OK\r\nServer: AXIS\r\n\r\n<title>AXIS P3265-LVE</title>"
        ),
        observe("dhcp.lease", AT, {"ip": "10.20.0.4"}, origin="import:dhcp", fields={"hostname": "Lobby-cam"}),
        _heard("banner", "10.20.0.5", 23, b"\xff\xfd\x01\xff\xfd\x1flogin: "),
    ]


def make_run(folder: Path, *, owner: str = OWNER) -> Path:
    """Write the run into a new folder and return it."""
    with RunLog.create(folder, SCOPE) as log:
        for item in observations():
            log.observation(item)
        for last in range(2, 14):
            status = "answered" if last < 6 else "silent"
            log.attempt({"probe": "tcp_sweep", "target": f"10.20.0.{last}", "status": status, "reason": ""})
        info = RunInfo(
            "20261120-080000-5a1f0d", "0.1.0", "2026-11-20T08:00:00.000Z", "2026-11-20T08:10:00.000Z", "complete",
            sensor="audit-laptop", interfaces=("eth0 10.20.0.9",), chain_head=log.head, observations=log.count,
            attempts=log.attempt_count, packets=99,
        )  # fmt: skip
    write_run(folder, info)
    if owner:
        (folder / "owner.toml").write_text(owner, encoding="utf-8")
    return folder


def _heard(kind: str, ip: str, port: int, raw: bytes) -> Observation:
    return observe(kind, AT, {"ip": ip, "port": port}, via={"interface": "eth0"}, raw=raw)
