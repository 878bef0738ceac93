"""Devices made by hand: cameras and recorders of eight models at three sites, hostile ones, and a few printers."""

import hashlib
from dataclasses import replace
from typing import Any

from netaudit.evidence.observation import Observation
from netaudit.identify.device import Answer, Contradiction, Device, Grade, Reason, Side, Strength

HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    '=HYPERLINK("http://203.0.113.9/","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b[31mred\x1b[0m\x07\x00 end",
    "photo\u202egpj.exe",
    "</script><script>window.pwned=1</script>",
    "{{ 7*7 }} {% raw %}",
    "M" * 4096,
    "Z\u0338" + "\u0301" * 60,
    "tab\there\r\nnew line",
    "\ud800 lone surrogate",
    "مرحبا بالعالم",
)
"""What a hostile device may call itself."""


MAKERS = {
    "dahua": ("Zhejiang Dahua Technology", "covered"),
    "hikvision": ("Hangzhou Hikvision Digital Technology", "covered"),
    "axis": ("Axis Communications", "not_covered"),
    "hanwha": ("Hanwha Vision", "not_covered"),
    "uniview": ("Zhejiang Uniview Technologies", "not_covered"),
}
# maker, brand, brand name, model, type, form, megapixels
UNITS = (
    ("dahua", "amcrest", "Amcrest", "IP8M-2496E", "camera", "bullet", "8"),
    ("hikvision", "hikvision", "Hikvision", "DS-2CD2143G0-I", "camera", "dome", "4"),
    ("axis", "axis", "AXIS", "P3265-LVE", "camera", "dome", "2"),
    ("hikvision", "lts", "LTS", "CMIP7442-28M", "camera", "turret", "4"),
    ("dahua", "lorex", "Lorex", "N841A81", "recorder", "", ""),
    ("hanwha", "hanwha", "Hanwha Vision", "XNV-8081R", "camera", "dome", "5"),
    ("uniview", "uniview", "Uniview", "IPC2124LB-SF40KM-G", "camera", "bullet", "4"),
    ("dahua", "dahua", "Dahua", "IPC-HDW2431T-AS", "camera", "turret", "4"),
)
SITES = (("Town hall", "10.20.0"), ("Central library", "10.20.4"), ("Bus depot", "10.20.8"))
REALM = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to %s", nonce="5f1c"\r\n\r\n'


def grade(confidence: float) -> Grade:
    """Grade of a maker, as design 4.2 has it."""
    return (
        "confirmed"
        if confidence >= 0.99
        else "probable"
        if confidence >= 0.9
        else "possible"
        if confidence >= 0.5
        else "unknown"
    )


def observation(number: int, kind: str, ip: str, raw: bytes | None, **more: Any) -> Observation:
    """Make an observation as a log would give it back, without the readers of other rooms."""
    return Observation(
        kind=kind,
        at="2026-11-20T08:05:00.000Z",
        target={"ip": ip, "port": more.get("port", 554)},
        origin=more.get("origin", "probe"),
        via={"interface": "eth0"},
        raw=raw,
        fields=more.get("fields", {}),
        id=hashlib.sha256(str(number).encode()).hexdigest(),
    )


def unit(number: int) -> tuple[Device, tuple[Observation, ...]]:
    site, prefix = SITES[number % 3]
    ip = f"{prefix}.{20 + number}"
    maker, brand, brand_name, model, kind, form, megapixels = UNITS[number % len(UNITS)]
    confidence = (0.9964, 0.9991, 0.94, 0.62)[number % 4] if number % 11 else 0.0
    serial = f"4E0{number:04d}PAZ{number:05d}"
    heard = [
        observation(number * 10 + 1, "rtsp.response", ip, REALM % serial.encode()),
        observation(
            number * 10 + 2,
            "http.response",
            ip,
            b"HTTP/1.1 200 OK\r\nServer: webs\r\n\r\n<title>%s</title>" % model.encode(),
            port=80,
        ),
        observation(number * 10 + 3, "dhip.reply", ip, bytes(range(256)) + model.encode(), port=37810),
    ]
    says: tuple[tuple[Strength, str, str, str], ...] = (
        ("strong", "rtsp", f"Login to {serial}", "rtsp-realm-serial"),
        ("moderate", "http", model, "http-title-model"),
        ("proof", "discovery", model, "dhip-device-type"),
    )
    reasons = tuple(
        Reason(item.id, signature, {"maker": maker, "model": model}, strength, saw, layer)
        for item, (strength, layer, saw, signature) in zip(heard, says, strict=True)
    )
    if site == "Town hall":
        fields = {"switch": "sw-th-02", "port": f"Gi1/0/{number % 48}", "vlan": "30", "poe_watts": "6.2"}
        heard.append(observation(number * 10 + 4, "switch.port", ip, None, fields=fields, origin="import:switch"))
    known = confidence > 0
    clash: tuple[Contradiction, ...] = ()
    if number % 9 == 4:
        sides = (
            Side("dahua", ("rtsp", "discovery"), ("rtsp-realm-serial",)),
            Side("hanwha", ("mac",), ("oui-hanwha",)),
        )
        clash = (Contradiction("maker", sides, "RTSP and discovery say Dahua, the network card's prefix says Hanwha."),)
    device = Device(
        device=f"serial:{serial}",
        subject=None,
        addresses=(ip,),
        macs=(f"3c:ef:8c:00:{number:02x}:01",),
        ports=(80, 554, 37777),
        type=Answer(kind, 0.99),
        maker=Answer(maker if known else None, confidence, MAKERS[maker][0] if known else None, grade(confidence)),
        brand=Answer(brand, 0.98, brand_name),
        model=Answer(model, 0.9),
        firmware=Answer("2.800.0000000.30.R", 0.9),
        serial=Answer(serial, 0.95),
        soc=Answer(),
        relabelled=(brand != maker) if known else None,
        contradictions=clash,
        reasons=reasons if known else (),
        site=site,
        names=(f"cam-{number:02d}",),
        traits={"channels": "8"}
        if kind == "recorder"
        else {"form_factor": form, "megapixels": megapixels, "environment": "outdoor"},
        first_seen="2026-11-20T08:03:10.000Z",
        last_seen="2026-11-20T08:05:00.000Z",
        observations=tuple(item.id for item in heard),
    )
    return device, tuple(heard)


def hostile_device(number: int, text: str) -> tuple[Device, tuple[Observation, ...]]:
    """A device that calls itself `text` wherever it can."""
    device, heard = unit(number)
    raw = text.encode("utf-8", "surrogatepass")
    bad = observation(90000 + number, "http.response", device.addresses[0], b"HTTP/1.0 200 OK\r\n\r\n" + raw, port=80)
    reason = Reason(bad.id, text, {text: text}, "strong", text, text)
    clash = Contradiction("brand", (Side(text, (text,), (text,)),), text)
    return replace(
        device,
        device=text,
        names=(text,),
        model=Answer(text, 0.8),
        firmware=Answer(text, 0.5),
        serial=Answer(text, 0.9),
        brand=Answer(text, 0.7, text),
        maker=replace(device.maker, name=text),
        traits={text: text},
        macs=(text,),
        site=text if number % 2 else device.site,
        contradictions=(clash,),
        reasons=(*device.reasons, reason),
    ), (*heard, bad)


def other(number: int) -> Device:
    site, prefix = SITES[number % 3]
    nobody = Answer()
    return Device(
        device=f"mac:00:1b:a9:00:00:{number:02x}",
        subject=None,
        addresses=(f"{prefix}.{100 + number}",),
        macs=(f"00:1b:a9:00:00:{number:02x}",),
        ports=(80, 443),
        type=Answer(("printer", "computer", "network")[number % 3], 0.9),
        maker=Answer("brother", 0.93, "Brother Industries", "probable"),
        brand=nobody,
        model=Answer("HL-L5200DW", 0.8),
        firmware=nobody,
        serial=nobody,
        soc=nobody,
        relabelled=None,
        site=site,
        names=(f"prn-{number}",),
    )
