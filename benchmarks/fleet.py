"""A synthetic fleet for speed measurements: documented shapes of answers, with what a scan notes beside them.

Six units in turn: two Hikvision and two Dahua cameras, an Axis camera with a certificate, a printer. What repeats among
them: models, firmware, titles, server headers, port lists, requests. What never does: addresses, MACs, serials, UUIDs,
nonces, times. With `alike=False` only the shapes repeat: models, firmware, titles, headers are each unit's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from benchmarks import answers
from netaudit.evidence.observation import Observation, observe

HIKVISION: Final = ("DS-2CD2385G1-I", "DS-2CD2143G2-I", "DS-2CD2347G2-LU", "DS-2DE4425IW-DE")
DAHUA: Final = ("IPC-HDW5421S", "IPC-HFW2431S-S-S2", "IP8M-2496E", "IPC-HFW5442E-ZE")
UNITS: Final = 6
"""Units that are unlike each other; then the same again with other numbers."""
AXIS: Final = ("P3245-LVE", "M1065-L", "Q6074-E", "M2036-LE")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the fleet: its number makes its address, MAC, serial and moments. `round`: how often heard before."""

    number: int
    alike: bool = True
    round: int = 0

    @property
    def ip(self) -> str:
        """The unit's own address."""
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"

    def mac(self, prefix: str) -> str:
        """The unit's MAC in a maker's block."""
        return f"{prefix}:{self.number >> 16 & 255:02x}:{self.number >> 8 & 255:02x}:{self.number & 255:02x}"

    def own(self, text: str) -> str:
        """A text that whole series share; where nothing repeats, one of this unit alone."""
        return text if self.alike else f"{text}-{self.number:X}"

    def model(self, names: tuple[str, ...]) -> str:
        """One of a series' models."""
        return self.own(names[self.number // 6 % len(names)])

    def nonce(self) -> str:
        """What a server makes up for each answer."""
        return sha256(b"%d %d" % (self.number, self.round)).hexdigest()[:32]

    def at(self, step: int) -> str:
        """When the unit's answer number `step` came."""
        seconds = self.number // 20 + 86_400 * self.round
        day, hour, minute = 1 + seconds // 86_400 % 28, seconds // 3600 % 24, seconds // 60 % 60
        return f"2026-11-{day:02}T{hour:02}:{minute:02}:{seconds % 60:02}.{self.number % 20 * 50 + step:03}Z"


def fleet(devices: int, *, alike: bool = True, rounds: int = 1) -> Iterator[Observation]:
    """Yield five or six observations a device; with `rounds` the whole fleet is heard again as often, a day later."""
    for again in range(rounds):
        for number in range(devices):
            unit = Unit(number, alike, again)
            yield from (_hikvision, _dahua, _hikvision, _dahua, _axis, _printer)[number % UNITS](unit)


def _via(probe: str) -> dict[str, object]:
    request = sha256(probe.encode()).hexdigest()
    return {"sensor": "hub", "interface": "eth0", "source_ip": "10.255.0.2", "probe": probe, "request": request,
            "version": 1}  # fmt: skip


def _of(unit: Unit, step: int, kind: str, port: int, raw: bytes, **more: object) -> Observation:
    target = {"ip": unit.ip, "port": port, "transport": "tcp", "site": "Head office", **more}
    return observe(kind, unit.at(step), target, via=_via(kind.replace(".", "_")), raw=raw)


def _link(unit: Unit, mac: str) -> Observation:
    target = {"ip": unit.ip, "site": "Head office"}
    return observe("link.mac", unit.at(0), target, via=_via("arp"), fields={"mac": mac})


def _ports(unit: Unit, *ports: int) -> Observation:
    closed = ("8080", "8443") if unit.alike else ("8080", str(10_000 + unit.number % 50_000))
    fields = {"open": tuple(map(str, ports)), "closed": closed}
    return observe("tcp.ports", unit.at(1), {"ip": unit.ip, "site": "Head office"}, via=_via("sweep"), fields=fields)


def _web(unit: Unit, raw: bytes) -> Observation:
    return _of(unit, 2, "http.response", 80, raw, path="/", scheme="http")


def _rtsp(unit: Unit, realm: str) -> Observation:
    return _of(unit, 3, "rtsp.response", 554, answers.rtsp(realm, unit.nonce()), path="/")


def _wsd(unit: Unit, endpoint: str, *scopes: str) -> Observation:
    raw = answers.probe_match(endpoint, scopes, unit.ip, unit.nonce())
    return _of(unit, 4, "wsd.probe_match", 3702, raw, transport="udp")


def _hikvision(unit: Unit) -> Iterator[Observation]:
    model, mac = unit.model(HIKVISION), unit.mac("44:19:b6")
    yield _link(unit, mac)
    yield _ports(unit, 80, 554, 8000)
    yield _web(unit, answers.page(unit.own("App-webs/"), unit.own("index"), "/doc/script/config.js", date=unit.at(2)))
    yield _rtsp(unit, f"IP Camera(C{unit.number % 10000:04d})")
    endpoint = f"urn:uuid:aa85c000-6324-11b3-819e-{mac.replace(':', '')}"
    yield _wsd(unit, endpoint, f"MAC/{mac}", f"hardware/{model}", f"name/HIKVISION%20{model}", "location/city/hangzhou")
    reply = answers.sadp(model, f"{model}20200414AAWR{unit.number:09d}", mac, unit.ip, unit.own("V5.6.2build 190701"))
    yield _of(unit, 5, "sadp.reply", 37020, reply, transport="udp")


def _dahua(unit: Unit) -> Iterator[Observation]:
    model, mac = unit.model(DAHUA), unit.mac("3c:ef:8c")
    serial = f"{unit.number:07X}PAX{unit.number % 100000:05d}"
    yield _link(unit, mac)
    yield _ports(unit, 80, 554, 37777)
    yield _web(unit, answers.page("", unit.own("WEB SERVICE"), "/baseProj/js/loader.js"))
    yield _rtsp(unit, f"Login to {serial}")
    endpoint = f"uuid:{unit.nonce()[:8]}-0000-4000-8000-{mac.replace(':', '')}"
    yield _wsd(unit, endpoint, "name/Dahua", f"hardware/{model}", "location/china")
    reply = answers.dhip(model, serial, mac, unit.ip, unit.own("2.800.0000000.8.R"))
    yield _of(unit, 5, "dhip.reply", 37810, reply, transport="udp")


def _axis(unit: Unit) -> Iterator[Observation]:
    model, mac = unit.model(AXIS), unit.mac("ac:cc:8e")
    plain = mac.replace(":", "").upper()
    yield _link(unit, mac)
    yield _ports(unit, 80, 443, 554)
    yield _web(unit, answers.refusal(unit.own("Apache"), f"AXIS_{plain}", unit.nonce(), date=unit.at(2)))
    yield _rtsp(unit, f"AXIS_{plain}")
    yield _of(unit, 4, "tls.certificate", 443, answers.certificate(f"axis-{plain.lower()}"))
    yield _wsd(unit, f"urn:uuid:{unit.nonce()[:8]}-0000-1000-8000-{plain.lower()}", f"hardware/{model}",
               f"name/AXIS%20{model}", "location/")  # fmt: skip


def _printer(unit: Unit) -> Iterator[Observation]:
    name = unit.own("HP LaserJet M404dn")
    yield _link(unit, unit.mac("3c:52:82"))
    yield _ports(unit, 80, 443)
    yield _web(unit, answers.page(f"HP HTTP Server; {name}", name, "/framework/js/ews.js", date=unit.at(2)))
    system = {"sysDescr": f"HP ETHERNET MULTI-ENVIRONMENT,{name}", "sysObjectID": "1.3.6.1.4.1.11.2.3.9.1",
              "sysName": f"NPI{unit.number:06X}"}  # fmt: skip
    target = {"ip": unit.ip, "port": 161, "transport": "udp", "site": "Head office"}
    yield observe("snmp.system", unit.at(3), target, via=_via("snmp"), fields=system)
