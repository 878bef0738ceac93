"""Whatever name an owner types, and wherever: an innocent device is not reported as a covered maker's.

`TYPED` lists, by protocol, the fields that an owner or an administrator can set. Each entry makes the observation of an
innocent device (a Linux machine, an Axis, a printer, a web page of somebody's own) with a name in that field.
"""

from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.fuse import NAMES
from tests.identify.support import AT, heard
from tests.identify.test_shipped_knowledge import shipped

COVERED = frozenset({"hikvision", "hikmicro", "dahua", "huawei", "zte", "hytera"})
FIRM = frozenset({"probable", "confirmed"})
TYPED_NAMES = (
    "Hikvision", "HIKVISION", "hikvision", "Hikvision-Cam-Hall", "hikvision-cam-01", "hikvision.example.org",
    "Hikvision NVR", "next to dahua nvr", "Dahua", "dahua-nvr", "Dahua NVR4108", "DAHUA: SIGN IN", "Dahua Technology",
    "Huawei", "HUAWEI-P30", "huawei-ap", "ZTE", "zte-router", "Hytera", "hytera repeater", "HIKMICRO", "EZVIZ",
    "ezviz-door", "HiLook garage", "HiWatch", "imou", "Imou Bullet", "Amcrest", "amcrest-front", "Lorex", "Annke",
)  # fmt: skip
SCOPE = "onvif://www.onvif.org/"
LINUX = {"sysDescr": "Linux box 5.15.0-91-generic #101-Ubuntu SMP x86_64", "sysObjectID": "1.3.6.1.4.1.8072.3.2.10"}
MINIDLNA = "<manufacturer>Justin Maggard</manufacturer><modelName>MiniDLNA</modelName>"


def host(name: str) -> str:
    """A name as DNS allows it."""
    return "".join(c if c.isalnum() or c == "-" else "-" for c in name).strip("-")


def dhcp(**fields: str) -> Observation:
    return heard("dhcp.lease", {"mac": "d8:9e:f3:00:00:01", "vendor_class": "dhcpcd-9.4.1:Linux-5.15:x86_64", **fields})


def snmp(**fields: str) -> Observation:
    return heard("snmp.system", {**LINUX, **fields})


def mdns(service: str, name: str, **txt: str) -> Observation:
    pairs = tuple(f"{key}={value}" for key, value in txt.items())
    told = {f"txt.{key}": value for key, value in txt.items()}
    where = {"type": f"{service}.local.", "instance": f"{name}.{service}.local.", "host": f"{host(name)}.local."}
    return heard("mdns.service", {**where, **({"txt": pairs} if pairs else {}), **told})


def wsd(name: str = "camera", location: str = "hall") -> Observation:
    scopes = f"{SCOPE}type/video_encoder {SCOPE}hardware/X1 {SCOPE}name/{quote(name)} {SCOPE}location/{quote(location)}"
    match = (
        "<a:EndpointReference><a:Address>urn:uuid:00000000-0000-4000-8000-000000000001</a:Address>"
        f"</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes>"
    )
    return raw("wsd.probe_match", f"<e><d:ProbeMatches><d:ProbeMatch>{match}</d:ProbeMatch></d:ProbeMatches></e>", 3702)


def raw(kind: str, text: str, port: int) -> Observation:
    return observe(kind, AT, {"ip": "192.0.2.7", "port": port}, raw=text.encode())


def web(title: str = "Home", realm: str = "", body: str = "") -> Observation:
    head = f'401 Unauthorized\r\nWWW-Authenticate: Basic realm="{realm}"' if realm else "200 OK"
    page = f"<html><head><title>{escape(title)}</title></head><body>{escape(body)}</body></html>"
    return raw("http.response", f"HTTP/1.1 {head}\r\nServer: nginx\r\n\r\n{page}", 80)


def certificate(cn: str, o: str = "", ou: str = "", san: str = "") -> Observation:
    parts = [f"CN={cn}", *([f"O={o}"] if o else [])]
    more = {"subject_o": o, "subject_ou": ou, "san": san}
    subject = ",".join(parts)
    told = {"subject": subject, "subject_cn": cn, "issuer": subject, "issuer_cn": cn, "issuer_o": o, **more}
    return heard("tls.certificate", {key: value for key, value in told.items() if value})


TYPED: dict[str, Callable[[str], Observation]] = {
    "DHCP host name": lambda n: dhcp(hostname=host(n)),
    "DHCP full name and domain": lambda n: dhcp(full_name=f"{host(n)}.lan", domain=host(n)),
    "DHCP user class": lambda n: dhcp(user_class=n),
    "SNMP sysName": lambda n: snmp(sysName=n),
    "SNMP sysLocation": lambda n: snmp(sysLocation=n),
    "SNMP sysContact": lambda n: snmp(sysContact=n),
    "SNMP sysDescr, host name in it": lambda n: snmp(sysDescr=f"Linux {host(n)} 5.15.0-91-generic #101 SMP x86_64"),
    "mDNS web page": lambda n: mdns("_http._tcp", n),
    "mDNS computer": lambda n: mdns("_workstation._tcp", f"{n} [d8:9e:f3:00:00:01]"),
    "mDNS file share": lambda n: mdns("_smb._tcp", n),
    "mDNS stream": lambda n: mdns("_rtsp._tcp", n),
    "mDNS printer and its note": lambda n: mdns("_ipp._tcp", n, note=n, ty="Brother HL-L2350DW series"),
    "mDNS HomeKit accessory of a bridge": lambda n: mdns("_hap._tcp", f"{n} DS-2CD2143G2-I", md=n, ci="2"),
    "mDNS cast name": lambda n: mdns("_googlecast._tcp", "Chromecast-1", fn=n, md="Chromecast"),
    "mDNS Axis": lambda n: mdns("_axis-video._tcp", f"{n} - ACCC8E000001", macaddress="ACCC8E000001"),
    "ONVIF name": lambda n: wsd(name=n),
    "ONVIF location": lambda n: wsd(location=n),
    "UPnP friendly name": lambda n: raw(
        "upnp.description", f"<root><device><friendlyName>{escape(n)}</friendlyName>{MINIDLNA}</device></root>", 8200
    ),
    "web page title": lambda n: web(title=n),
    "web page title of a log-in": lambda n: web(title=f"{n} - Login"),
    "web page text": lambda n: web(body=n),
    "web realm": lambda n: web(title="401", realm=n),
    "certificate common name": certificate,
    "certificate organisation": lambda n: certificate("proxy.example.org", o=n),
    "certificate unit": lambda n: certificate("proxy.example.org", ou=n),
    "certificate alternative name": lambda n: certificate("proxy.example.org", san=f"{host(n)}.example.org"),
    "SSH comment": lambda n: raw("banner", f"SSH-2.0-OpenSSH_9.2p1 Debian-2 {n}\r\n", 22),
    "FTP host name": lambda n: raw("banner", f"220 {n} FTP server (vsFTPd 3.0.3) ready.\r\n", 21),
    "FTP welcome": lambda n: raw("banner", f"220 Welcome to {n}\r\n", 21),
    "Telnet host name": lambda n: raw("banner", f"Ubuntu 22.04.3 LTS\r\n{host(n)} login: ", 23),
    "mail host name": lambda n: raw("banner", f"220 {n} ESMTP Postfix\r\n", 25),
    "LLDP system name": lambda n: heard("lldp.announcement", {"system_name": n, "port_description": n}),
    "LLDP system name, told by a switch": lambda n: heard("switch.port", {"switch": n, "port": n, "lldp_system": n}),
    "CDP device": lambda n: heard("cdp.announcement", {"device_id": n, "platform": "cisco WS-C2960-24TT-L"}),
    "MikroTik identity": lambda n: heard("mndp.reply", {"identity": n, "platform": "MikroTik", "board": "CRS328"}),
    "Ubiquiti host name": lambda n: heard("ubnt.reply", {"hostname": n, "essid": n, "platform": "UAP-AC-Pro"}),
}


def accused(devices: list[Device]) -> list[Device]:
    return [device for device in devices if device.maker.value in COVERED and device.maker.grade in FIRM]


@pytest.mark.parametrize("field", TYPED)
def test_a_typed_name_in_one_field_accuses_nobody(field: str) -> None:
    for name in TYPED_NAMES:
        assert not accused(identify([TYPED[field](name)], shipped())), name


@pytest.mark.parametrize("name", TYPED_NAMES)
def test_a_name_typed_everywhere_accuses_nobody(name: str) -> None:
    assert not accused(identify([make(name) for make in TYPED.values()], shipped()))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TYPED_NAMES), st.sets(st.sampled_from(sorted(TYPED)), min_size=2, max_size=6))
def test_a_name_repeated_over_several_protocols_accuses_nobody(name: str, fields: set[str]) -> None:
    assert not accused(identify([TYPED[field](name) for field in sorted(fields)], shipped()))


def test_the_factorys_own_code_beside_the_name_still_names_the_maker() -> None:
    def scopes(name: str, hardware: str) -> Device:
        [device] = identify([heard("wsd.probe_match", {"scope.name": name, "scope.hardware": hardware})], shipped())
        return device

    for name, hardware, maker, brand in (
        ("HIKVISION DS-2CD2143G2-I", "DS-2CD2143G2-I", "hikvision", "hikvision"),
        ("Dahua", "DH-XVR5108HS-X", "dahua", "dahua"),
        ("Amcrest", "IP8M-2496E", "dahua", "amcrest"),
        ("EZVIZ", "CS-C6N-A0-1C2WFR", "hikvision", "ezviz"),
    ):
        device = scopes(name, hardware)
        assert (device.maker.value, device.maker.grade, device.brand.value) == (maker, "probable", brand)


def test_an_innocents_own_maker_stands_whatever_its_owner_calls_it() -> None:
    for name in TYPED_NAMES:
        axis = heard("onvif.device_information", {"Manufacturer": "AXIS", "Model": "M3085-V"})
        [device] = identify([axis, wsd(name=name), dhcp(hostname=host(name))], shipped())
        assert (device.maker.value, device.maker.grade) == ("axis", "probable"), name


def test_no_signature_makes_more_than_a_moderate_clue_of_a_name_that_can_be_typed() -> None:
    knowledge = shipped()
    named = [row for row in knowledge.signatures.values() if knowledge.layer(row.kind, row.field) == NAMES]
    assert len(named) > 100
    assert not [row.id for row in named if row.strength in ("strong", "proof")]
