"""SADP and ISAPI."""

from netaudit.evidence import kinds

REPLY = (
    b'<?xml version="1.0" encoding="utf-8"?>\r\n<ProbeMatch>\r\n<Uuid>A1</Uuid>\r\n<Types>inquiry</Types>\r\n'
    b"<DeviceType>141945</DeviceType>\r\n<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>\r\n"
    b"<DeviceSN>DS-2CD2385G1-I20200414AAWRE33842150</DeviceSN>\r\n<MAC>58-50-ed-1f-e3-85</MAC>\r\n"
    b"<SoftwareVersion>V5.6.2build 190701</SoftwareVersion>\r\n<Salt>c0ffee</Salt>\r\n<SafeCode>12345</SafeCode>\r\n"
    b"<Activated>true</Activated>\r\n<OEMInfo>N/A</OEMInfo>\r\n<SupportGUID>flase</SupportGUID>\r\n</ProbeMatch>\r\n"
)


def test_a_reply_gives_its_own_element_names() -> None:
    fields = kinds.read("sadp.reply", REPLY)
    assert fields["DeviceDescription"] == "DS-2CD2385G1-I"
    assert fields["SoftwareVersion"] == "V5.6.2build 190701"
    assert fields["SupportGUID"] == "flase"
    assert len(fields) == 12


def test_secrets_are_cut_before_anything_is_kept() -> None:
    kept = kinds.redact("sadp.reply", REPLY)
    assert b"c0ffee" not in kept
    assert b"12345" not in kept
    assert kinds.read("sadp.reply", kept)["Salt"] == ""
    assert kinds.read("sadp.reply", kept)["DeviceSN"] == "DS-2CD2385G1-I20200414AAWRE33842150"


def test_secrets_in_odd_spellings_are_cut_too() -> None:
    odd = b"<ProbeMatch><x:salt a='1'>one</x:salt><SALT><![CDATA[two]]>three</SALT><Salt>four"
    kept = kinds.redact("sadp.reply", odd)
    assert not any(secret in kept for secret in (b"one", b"two", b"three", b"four"))


def test_wrong_doubled_and_missing_end_tags_are_forgiven() -> None:
    raw = (
        b"<ProbeMatch><DeviceDescription>DS-1</DeviceDescriptio><MAC>58-50-ed-1f-e3-85</MAC></MAC>"
        b"<HttpPort>80<DHCP>true</DHCP><OEMInfo>A&amp;B &#65;</OEMInfo></ProbeMatch>"
    )
    assert kinds.read("sadp.reply", raw) == {
        "DeviceDescription": "DS-1",
        "MAC": "58-50-ed-1f-e3-85",
        "HttpPort": "80",
        "DHCP": "true",
        "OEMInfo": "A&B A",
    }


def test_a_binary_header_and_padding_are_skipped() -> None:
    assert kinds.read("sadp.reply", b"\x21\x01\x00\x00" + REPLY + bytes(8)) == kinds.read("sadp.reply", REPLY)


def test_hello_is_read_and_our_own_probe_is_not() -> None:
    assert kinds.read("sadp.reply", b"<Hello><MAC>a</MAC></Hello>") == {"MAC": "a"}
    assert kinds.read("sadp.reply", b"<Probe><Uuid>A1</Uuid><Types>inquiry</Types></Probe>") == {}


def test_isapi_device_info() -> None:
    raw = (
        b'<?xml version="1.0" encoding="UTF-8"?><DeviceInfo version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
        b"<deviceName>Door</deviceName><model>DS-2CD2042WD-I</model><serialNumber>DS-1</serialNumber>"
        b"<macAddress>44:19:b6:00:00:01</macAddress><OEMCode>1</OEMCode></DeviceInfo>"
    )
    fields = kinds.read("isapi.device_info", raw)
    assert fields["model"] == "DS-2CD2042WD-I"
    assert fields["OEMCode"] == "1"
    assert kinds.read("isapi.device_info", b"<html><body><p>401</p></body></html>") == {}
