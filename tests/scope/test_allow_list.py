"""The allow-list: what is on it goes, any other byte does not, and a broken list is no list."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netaudit.errors import DataError, ScopeError
from netaudit.scope.allow_list import BROADCAST, Allowed, load_allow_list, shipped_list
from netaudit.scope.forms import READABLE, dns_ptr, snmp_get
from netaudit.scope.model import NEVER_TOUCH
from netaudit.scope.template import compile_template
from tests.net.support import gate_for

LIST = shipped_list()
SADP = b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>%s</Uuid><Types>%s</Types></Probe>'
UUID = b"0F0F0F0F-0000-4000-8000-000000000000"
HEAD = "Host: 192.0.2.7\r\nUser-Agent: netaudit/1.0\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"


def get(path: str, head: str = HEAD) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode()


def test_no_entry_names_a_port_that_is_never_touched() -> None:
    assert not [entry.label for entry in LIST.entries if entry.ports & NEVER_TOUCH]


def test_every_group_is_link_local_scope_or_a_multicast_group_with_its_own_port() -> None:
    assert all(
        group == BROADCAST or re.match(r"2[23]\d\.|ff0[25]::", group) for e in LIST.entries for group in e.groups
    )


@pytest.mark.parametrize("kind", [b"inquiry", b"inquiry_v32"])
def test_both_inquiries_of_sadp_go(kind: bytes) -> None:
    assert LIST.datagram(SADP % (UUID, kind), 37020, "239.255.255.250")
    assert LIST.datagram(SADP % (UUID, kind), 37020)


@pytest.mark.parametrize(
    "kind", [b"update", b"reset", b"getcode", b"activate", b"reboot", b"inquiry\n", b" inquiry", b"INQUIRY", b""]
)
def test_no_other_word_of_sadp_goes(kind: bytes) -> None:
    assert LIST.datagram(SADP % (UUID, kind), 37020) is None


@pytest.mark.parametrize(
    ("payload", "port"),
    [
        (b"MHED\x08\0\1\0\x03" + bytes(131), 23456),
        (b"MHED\x08\0\1\0\x0c" + bytes(131), 23456),
        (b"\xff" + bytes(13) + b"\xfc\x05" + bytes(4), 34569),
        (b"\xa0" + bytes(31), 5050),
        (b"\2SETMAC:001122334455\xff\3", 2380),
        (b"\2" + bytes(261), 7701),
        (b"\0\1\0\x2a\0\2" + bytes(88), 10670),
        (b"\0\1\0\x2a\0\4" + bytes(88), 10670),
        (b"aaaa0000", 2000),
        (b"NOTIFY * HTTP/1.1\r\n\r\n", 1900),
        (b"SUBSCRIBE /event HTTP/1.1\r\n\r\n", 1900),
    ],
)
def test_what_the_sheet_forbids_does_not_go(payload: bytes, port: int) -> None:
    groups = {group for entry in LIST.entries for group in entry.groups}
    assert not [group for group in (None, *groups) if LIST.datagram(payload, port, group)]


def test_a_search_goes_to_its_own_port_and_groups_only() -> None:
    ping = b"\xaa\xaa\0\0"
    assert LIST.datagram(ping, 2000, BROADCAST)
    assert LIST.datagram(ping, 2001, BROADCAST) is None
    assert LIST.datagram(ping, 2000, "239.255.255.250") is None
    # XiongMai: no unicast form is known.
    assert LIST.datagram(b"\xff" + bytes(13) + b"\xfa\x05" + bytes(4), 34569) is None


@pytest.mark.parametrize(
    "message",
    [
        get("/RPC2_Login"),
        get("/cgi-bin/magicBox.cgi?action=reboot"),
        get("/ISAPI/System/reboot"),
        get("/a b"),
        get("/", HEAD + "Authorization: Basic YTpi\r\n"),
        get("/").replace(b"GET", b"PUT"),
        get("/") + b"GET /x HTTP/1.1\r\n\r\n",
        b"USER admin\r\n",
        b"\xff\xfd\x01",
    ],
)
def test_no_such_message_goes_into_a_connection(message: bytes) -> None:
    assert not [port for port in (21, 22, 23, 80, 443, 554, 8000, 8899, 49152) if LIST.message(message, port)]


def test_a_page_is_asked_for_on_web_ports_only() -> None:
    assert LIST.message(get("/doc/page/login.asp"), 80)
    assert not [port for port in (21, 22, 23, 554, 8554, 9000, 34567, 37777) if LIST.message(get("/"), port)]


def test_only_read_only_operations_go_with_a_login() -> None:
    def message(operation: str) -> bytes:
        body = (
            "<?xml version='1.0' encoding='utf-8'?>\n<soap-env:Envelope xmlns:soap-env="
            f'"http://www.w3.org/2003/05/soap-envelope"><soap-env:Body><ns0:{operation} '
            'xmlns:ns0="http://www.onvif.org/ver10/device/wsdl"/></soap-env:Body></soap-env:Envelope>'
        )
        action = "http://www.onvif.org/ver10/device/wsdl/GetDeviceInformation"
        kind = f'Content-Type: application/soap+xml; charset=utf-8; action="{action}"\r\n'
        head = f"POST /onvif/device_service HTTP/1.1\r\n{HEAD}{kind}Content-Length: 9\r\nConnection: close\r\n\r\n"
        return (head + body).encode()

    assert LIST.message(message("GetDeviceInformation"), 80)
    for operation in ("SystemReboot", "SetSystemFactoryDefault", "GetSystemBackup", "GetUsers", "CreateUsers"):
        assert LIST.message(message(operation), 80) is None


@given(st.binary(max_size=400), st.integers(1, 65535), st.sampled_from([None, BROADCAST, *dict(LIST.groups)]))
def test_arbitrary_bytes_do_not_go(payload: bytes, port: int, group: str | None) -> None:
    # Four zero bytes are a search, and chance finds them.
    assume(not any(entry.matches(payload) for entry in LIST.entries))
    assert LIST.datagram(payload, port, group) is None
    assert LIST.message(payload, port) is None
    assert LIST.frame(payload) is None


@given(st.data())
def test_one_changed_byte_of_a_fixed_search_does_not_go(data: st.DataObject) -> None:
    entry, payload, group = data.draw(st.sampled_from(_fixed()))
    at = data.draw(st.integers(0, len(payload) - 1))
    changed = payload[:at] + bytes([payload[at] ^ data.draw(st.integers(1, 255))]) + payload[at + 1 :]
    (port,) = entry.ports
    assert LIST.datagram(payload, port, group) is entry
    found = LIST.datagram(changed, port, group)
    # Another version of the same search may be one byte away; it is an entry of its own.
    assert found is None or found is not entry


def _fixed() -> list[tuple[Allowed, bytes, str | None]]:
    """Entries without a wildcard, with their bytes as all probes send them."""
    from netaudit.scan.catalogue import all_probes

    return [
        (entry, datagram.payload, datagram.group)
        for probe in all_probes().segment
        if probe.name not in ("ws_discovery", "sadp", "ipro", "mdns", "ssdp")
        for datagram in probe.announce()
        if (entry := LIST.datagram(datagram.payload, datagram.port, datagram.group))
    ]


def test_the_gate_counts_what_it_refuses() -> None:
    gate = gate_for("192.0.2.0/24")
    with pytest.raises(ScopeError, match="not on the allow-list"):
        gate.pass_datagram(b"x", 37020)
    with pytest.raises(ScopeError, match="not on the allow-list"):
        gate.pass_message(b"x", 80)
    with pytest.raises(ScopeError, match="not on the allow-list"):
        gate.pass_frame(b"x")
    assert sum(gate.refused.values()) == 3
    gate.pass_datagram(b"\xaa\xaa\0\0", 2000, "192.0.2.255")


# --- forms ------------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_forms_refuse_whatever_they_cannot_take_apart(payload: bytes) -> None:
    assert not dns_ptr(payload)
    assert not snmp_get(payload)


@given(st.binary(max_size=60))
def test_nothing_hides_behind_a_question(tail: bytes) -> None:
    query = b"\0\0\0\0\0\1" + bytes(6) + b"\x05_http\x04_tcp\x05local\0\0\x0c\x80\x01"
    assert dns_ptr(query)
    assert dns_ptr(query + tail) == (tail == b"")
    assert not dns_ptr(query.replace(b"\0\x0c\x80\x01", b"\0\xff\x80\x01"))
    assert not dns_ptr(b"\0\0\x84\0" + query[4:])


def test_readable_leaves_are_single_values() -> None:
    assert all(leaf.endswith(".0") for leaf in READABLE)
    assert "1.3.6.1.4.1.39165.1.12.0" not in READABLE


# --- the file ---------------------------------------------------------------------------------------------------------

GOOD = '[[datagram]]\nprobe = "x"\nport = 1\nhex = "aa"\nconfidence = "S"\nsources = ["y"]\n'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("hex", "hexx"), "unknown key"),
        (('confidence = "S"', 'confidence = "sure"'), "mark"),
        (('sources = ["y"]', ""), "sources"),
        (('hex = "aa"', 'hex = "a"'), "is no byte"),
        (('hex = "aa"', ""), "neither hex nor text"),
        (('hex = "aa"', 'form = "magic"'), "unknown form"),
    ],
)
def test_a_broken_list_says_where(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(GOOD)
    assert load_allow_list(path).datagram(b"\xaa", 1) is None
    path.write_text(GOOD.replace(*change))
    with pytest.raises(DataError, match=message):
        load_allow_list(path)


def test_templates() -> None:
    pattern = compile_template("aa ??*2 00*3", "{name}={other} {x}", {"name": "[a-c]+"}, {"x": "<{name}>"})
    assert pattern.fullmatch(b"\xaa\n\xff\0\0\0abc={other} <c>")
    assert not pattern.fullmatch(b"\xaa\n\xff\0\0\0abd={other} <c>")
    assert not pattern.fullmatch(b"\xaa\n\xff\0\0\0abc={other} <c>\n")
