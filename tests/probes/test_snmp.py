"""SNMP: what is asked byte by byte, what a real camera's leaves become, and that the community stays nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.evidence import kinds
from netaudit.evidence.ber import OCTETS, RESPONSE, SEQUENCE, dotted, element, oid, parts
from netaudit.evidence.kinds.snmp import LEAVES
from netaudit.evidence.observation import observe, to_line
from netaudit.net.exchange import Datagram, Reply, Request
from netaudit.probes import snmp_system
from netaudit.probes.base import HostView
from netaudit.scope.allow_list import shipped_list
from netaudit.scope.forms import READABLE, snmp_get

AT = "2026-11-23T05:00:00.000Z"
HOST = HostView("192.0.2.7", frozenset())
COMMUNITY = "owners-word"
ABSENT = b"\x81\0"

# As a DS-2CD4C36FWD-AP answered (model and firmware as recorded, MAC replaced; its system group is empty).
HIKVISION = {
    "1.3.6.1.4.1.39165.1.1.0": b"DS-2CD4C36FWD-AP",
    "1.3.6.1.4.1.39165.1.3.0": b"V5.5.80 build 190131",
    "1.3.6.1.4.1.39165.1.4.0": b"44-19-b6-00-00-01",
}


def response(values: dict[str, bytes], asked: tuple[str, ...], community: str = COMMUNITY) -> bytes:
    body = b"".join(element(SEQUENCE, oid(leaf) + values.get(leaf, ABSENT)) for leaf in asked)
    zero = element(2, b"\0")
    message = element(RESPONSE, element(2, b"\1") + zero + zero + element(SEQUENCE, body))
    return element(SEQUENCE, element(2, b"\1") + element(OCTETS, community.encode()) + message)


def ask(*answers: bytes) -> tuple[list[Datagram], list[tuple[str, bytes]]]:
    sent: list[Datagram] = []

    def talk(request: Request) -> Reply:
        assert isinstance(request, Datagram)
        sent.append(request)
        return Reply(HOST.ip, 161, answers[len(sent) - 1 : len(sent)], AT)

    heard = snmp_system.PROBE.ask(HOST, "", COMMUNITY, talk)
    return sent, [(item.kind, item.raw or b"") for item in heard]


def test_one_get_as_rfc_3416_writes_it() -> None:
    request = snmp_system.get_request("public", ("1.3.6.1.2.1.1.1.0",), 1)
    assert request == bytes.fromhex(
        "3026 020101 04067075626c6963 a019 020101 020100 020100 300e 300c 06082b06010201010100 0500"
    )


def test_a_camera_without_a_system_group_is_named_by_its_own_leaves() -> None:
    values = {leaf: element(OCTETS, value) for leaf, value in HIKVISION.items()}
    sent, heard = ask(response(values, snmp_system.FIRST))
    assert len(sent) == 1
    ((kind, raw),) = heard
    assert kinds.read(kind, raw) == {
        "model": "DS-2CD4C36FWD-AP", "firmware": "V5.5.80 build 190131", "mac": "44-19-b6-00-00-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("root", "leaf"), [("1.3.6.1.4.1.50001", "50001.1.3.0"), ("1.3.6.1.4.1.1004849.3.2.10", "1004849.2.1.2.4.0")]
)
def test_a_recorder_is_asked_once_more_for_its_serial_number(root: str, leaf: str) -> None:
    first = response({"1.3.6.1.2.1.1.2.0": oid(root)}, snmp_system.FIRST)
    leaf = f"1.3.6.1.4.1.{leaf}"
    sent, heard = ask(first, response({leaf: element(OCTETS, b"A1")}, (leaf,)))
    assert len(sent) == 2
    assert kinds.read(*heard[1]) == {"serial": "A1"}


def test_a_maker_whose_number_only_begins_alike_is_asked_once() -> None:
    sent, _ = ask(response({"1.3.6.1.2.1.1.2.0": oid("1.3.6.1.4.1.500011")}, snmp_system.FIRST))
    assert len(sent) == 1


def test_the_community_stays_nowhere() -> None:
    raw = response({"1.3.6.1.2.1.1.1.0": element(OCTETS, b"x")}, snmp_system.FIRST)
    assert COMMUNITY.encode() in raw
    _, heard = ask(raw)
    assert COMMUNITY.encode() not in heard[0][1]
    assert COMMUNITY not in to_line(observe("snmp.system", AT, {}, raw=raw))
    assert kinds.read("snmp.system", heard[0][1]) == {"sysDescr": "x"}


@pytest.mark.parametrize("answer", [b"", b"x", b"\x30\x80", b"\x30\x03\x02\1\1", bytes(100)])
def test_what_is_no_response_is_nothing(answer: bytes) -> None:
    assert ask(answer)[1] == []


def test_only_listed_leaves_are_asked_for_and_a_long_word_not_at_all() -> None:
    assert set(LEAVES) == READABLE
    for leaf in LEAVES:
        assert snmp_get(snmp_system.get_request(COMMUNITY, (leaf,), 1))
    assert not snmp_get(snmp_system.get_request(COMMUNITY, ("1.3.6.1.4.1.39165.1.12.0",), 1))
    assert not snmp_system.PROBE.ask(HOST, "", "x" * 65, lambda _: pytest.fail("nothing may be sent"))
    assert not snmp_system.PROBE.ask(HOST, "", "", lambda _: pytest.fail("nothing may be sent"))


@pytest.mark.parametrize("tag", [0xA1, 0xA3, 0xA5, 0xA6])
def test_nothing_but_get_is_listed(tag: int) -> None:
    get = snmp_system.get_request(COMMUNITY, ("1.3.6.1.2.1.1.1.0",), 1)
    assert shipped_list().datagram(get, 161)
    other = get.replace(b"\xa0", bytes([tag]))
    assert shipped_list().datagram(other, 161) is None
    with_value = get.replace(b"\x05\0", b"\x04\0")
    assert shipped_list().datagram(with_value, 161) is None


@given(st.lists(st.integers(0, 2**32), max_size=12), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back(rest: list[int], first: int, second: int) -> None:
    text = ".".join(map(str, (first, second, *rest)))
    (part,) = parts(oid(text))
    assert dotted(part.value) == text


@given(st.integers(0, 255), st.binary(max_size=700))
def test_elements_come_back(tag: int, value: bytes) -> None:
    assert [(part.tag, part.value) for part in parts(element(tag, value))] == [(tag, value)]


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_and_cut(raw: bytes) -> None:
    for part in parts(raw):
        assert raw[part.start : part.start + len(part.value)] == part.value
    assert len(kinds.redact("snmp.system", raw)) <= len(raw)
    kinds.read("snmp.system", raw)
