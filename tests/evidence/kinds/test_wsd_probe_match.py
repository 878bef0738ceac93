"""WS-Discovery answers of four programs, and the shapes that sheets and standards describe."""

from pathlib import Path

import pytest

from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields, every, first

RECORDED = Path(__file__).parents[2] / "recorded" / "wsd"


def read(raw: bytes) -> Fields:
    return kinds.read("wsd.probe_match", raw)


def recorded(name: str) -> Fields:
    return read((RECORDED / f"{name}.xml").read_bytes())


def test_a_match_without_its_wrapper() -> None:
    fields = recorded("ipycam")
    assert fields["types"] == ("dn:NetworkVideoTransmitter", "tds:Device")
    assert fields["endpoint"] == "urn:uuid:6c533d35-1c7d-441a-b995-49b5b0ac128c"
    assert fields["xaddrs"] == "http://10.77.0.11:80/onvif/device_service"
    assert fields["scope.name"] == "Lobby"


def test_several_scopes_of_one_category_are_a_list() -> None:
    fields = recorded("onvif_simple_server")
    assert fields["scope.type"] == ("video_encoder", "audio_encoder", "ptz")
    assert fields["scope.hardware"] == "Yi"


@pytest.mark.parametrize(("name", "type_"), [("python_wsdiscovery", "urtCtZsjei:"), ("wsdd", "wsdp:Device")])
def test_any_prefix_is_read(name: str, type_: str) -> None:
    assert any(item.startswith(type_) for item in every(recorded(name), "types"))


def test_an_answer_without_matches_gives_nothing() -> None:
    assert recorded("python_wsdiscovery_empty") == {}


def test_our_own_probe_heard_again_gives_nothing() -> None:
    assert read(b"<e:Envelope xmlns:e='x'><e:Body><Probe><Types>tds:Device</Types></Probe></e:Body></e:Envelope>") == {}


def envelope(body: str, namespace: str = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01") -> bytes:
    return f"<s:Envelope xmlns:s='http://x' xmlns:d='{namespace}'><s:Body>{body}</s:Body></s:Envelope>".encode()


def test_hello_of_the_2009_namespace() -> None:
    fields = read(
        envelope(
            "<d:Hello><d:EndpointReference><d:Address>uuid:1</d:Address></d:EndpointReference>"
            "<d:Scopes>\n onvif://www.onvif.org/name/AXIS%20M2036-LE\tonvif://www.onvif.org/MAC/58:50:ed:1f:e3:85\n"
            "ONVIF://www.onvif.org/location/city/hangzhou http://other/scope</d:Scopes>"
            "<d:MetadataVersion>10</d:MetadataVersion></d:Hello>"
        )
    )
    assert first(fields, "scope.name") == "AXIS M2036-LE"
    assert first(fields, "scope.mac") == "58:50:ed:1f:e3:85"
    assert first(fields, "scope.location") == "city/hangzhou"
    assert every(fields, "scopes")[-1] == "http://other/scope"
    assert first(fields, "metadata_version") == "10"


def test_several_matches_in_one_message_are_joined() -> None:
    match = "<d:ProbeMatch><d:EndpointReference><d:Address>uuid:{0}</d:Address></d:EndpointReference></d:ProbeMatch>"
    fields = read(envelope(f"<d:ProbeMatches>{match.format(1)}{match.format(2)}</d:ProbeMatches>"))
    assert fields["endpoint"] == ("uuid:1", "uuid:2")


def test_latin_1_in_a_scope_and_an_undeclared_prefix_are_forgiven() -> None:
    raw = b"<q:ProbeMatch><q:Scopes>onvif://www.onvif.org/name/T\xfcr%20S%FCd</q:Scopes></q:ProbeMatch>"
    assert read(raw)["scope.name"] == "Tür Süd"


def test_a_message_cut_in_the_middle_gives_whole_values_only() -> None:
    raw = (RECORDED / "onvif_simple_server.xml").read_bytes()
    cut = read(raw[: raw.index(b"onvif://www.onvif.org/name")])
    assert cut["endpoint"] == "urn:uuid:71bdd485-e91c-5f84-8223-61b136a1a75b"
    assert "scopes" not in cut
