"""What the gate lets go to a switch: GET of listed leaves, GETBULK of listed columns, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.net.usm import Usm
from netaudit.probes.snmp_message import Engine, Oid, Operation, oid, request_v2c, request_v3
from netaudit.scope.agents import AUTHENTICATIONS, PRIVACIES
from netaudit.scope.allow_list import shipped_list
from netaudit.scope.forms import READABLE
from netaudit.scope.snmp_forms import snmp_tables, snmp_v3_tables
from netaudit.scope.snmp_tables import snmp_tables as tables

TABLES = tables()
COLUMN = oid(TABLES.columns["dot1qTpFdbPort"])
ENGINE = Engine(b"\x80\0\x1f\x88engine", 3, 99)
# Written down a second time: the branches that may be walked, and no others.
BRANCHES = (
    "1.3.6.1.2.1.2.2.1.", "1.3.6.1.2.1.31.1.1.1.", "1.3.6.1.2.1.4.22.1.2", "1.3.6.1.2.1.4.35.1.4", "1.3.6.1.2.1.17.",
    "1.0.8802.1.1.2.1.", "1.3.6.1.2.1.105.1.1.1.", "1.3.6.1.2.1.47.1.3.2.1.2", "1.3.6.1.4.1.9.9.23.1.2.1.1.",
    "1.3.6.1.4.1.9.9.46.1.3.1.1.2", "1.3.6.1.4.1.9.9.402.1.2.1.", "1.3.6.1.4.1.9.6.1.101.108.1.1.5",
    "1.3.6.1.4.1.89.108.1.1.5", "1.3.6.1.4.1.11.2.14.11.1.9.1.1.1.3", "1.3.6.1.4.1.25506.2.14.1.1.5",
    "1.3.6.1.4.1.2011.5.25.195.3.1.10", "1.3.6.1.4.1.4413.1.1.15.1.1.1.2", "1.3.6.1.4.1.4526.10.15.1.1.1.2",
    "1.3.6.1.4.1.674.10895.5000.2.6132.1.1.15.1.1.1.2", "1.3.6.1.4.1.1916.1.27.2.1.1.6",
    "1.3.6.1.4.1.14988.1.1.15.1.1.6", "1.3.6.1.4.1.11863.6.56.1.1.2.1.1.7",
)  # fmt: skip


def v3(operation: Operation, *names: Oid, engine: Engine = ENGINE) -> bytes:
    return request_v3("auditor", engine, operation, names, 7, encrypted=True)


def test_only_the_listed_branches_are_in_the_data() -> None:
    for column in TABLES.columns.values():
        assert column.startswith(BRANCHES), column
    assert len(set(TABLES.columns.values())) == len(TABLES.columns)
    assert {column.confidence for column in TABLES.power} <= {"V 2", "S"}
    assert all(column.sources for column in TABLES.power)


@pytest.mark.parametrize("index", [(), (70, 1, 2, 3, 4, 5, 6)])
def test_a_column_may_be_read_from_any_place_in_it(index: Oid) -> None:
    assert snmp_tables(request_v2c("word", "bulk", [(*COLUMN, *index)], 7))
    assert snmp_v3_tables(v3("bulk", (*COLUMN, *index)))
    assert shipped_list().datagram(v3("bulk", (*COLUMN, *index)), 161)


@pytest.mark.parametrize("other", ["1.3.6.1.2.1.17.7.1.2.2.1.22", "1.3.6.1.2.1.1", "1.3.6", "1.3.6.1.2.1.105.1.1.1.33"])
def test_no_other_column_may(other: str) -> None:
    assert not snmp_tables(request_v2c("word", "bulk", [oid(other)], 7))
    assert not snmp_v3_tables(v3("bulk", oid(other)))
    assert not snmp_tables(request_v2c("word", "get", [COLUMN], 7))


def test_leaves_are_got_and_columns_are_not() -> None:
    leaves = [oid(leaf) for leaf in TABLES.leaves.values()]
    assert snmp_tables(request_v2c("word", "get", leaves, 7))
    assert not snmp_tables(request_v2c("word", "bulk", leaves, 7))
    assert not snmp_tables(request_v2c("word", "get", [], 7))
    assert not snmp_tables(request_v2c("", "get", leaves, 7))
    assert not snmp_tables(request_v2c("x" * 65, "get", leaves, 7))
    assert not READABLE & set(TABLES.columns.values())


@pytest.mark.parametrize("tag", [0xA1, 0xA2, 0xA3, 0xA4, 0xA6, 0xA7])
def test_nothing_that_writes_is_let_go(tag: int) -> None:
    for payload, check in ((request_v2c("word", "get", [oid(TABLES.leaves["sysName"])], 7), snmp_tables),
                           (v3("get", oid(TABLES.leaves["sysName"])), snmp_v3_tables)):  # fmt: skip
        assert check(payload)
        place = payload.index(b"\xa0")
        changed = payload[:place] + bytes([tag]) + payload[place + 1 :]
        assert not check(changed)
        assert shipped_list().datagram(changed, 161) is None


def test_too_many_repetitions_are_refused() -> None:
    payload = request_v2c("word", "bulk", [COLUMN], 7)
    assert not snmp_tables(payload.replace(b"\x02\x01\x19\x30", b"\x02\x01\x7f\x30"))


def test_the_question_who_is_there_carries_nothing() -> None:
    assert snmp_v3_tables(request_v3("auditor", Engine(), "get", [], 1, encrypted=False))
    assert not snmp_v3_tables(v3("get"))
    assert not snmp_v3_tables(
        request_v3("auditor", Engine(), "get", [oid(TABLES.leaves["sysName"])], 1, encrypted=False)
    )


@pytest.mark.parametrize(
    ("authentication", "privacy"),
    # Making a key from a password takes a while: each algorithm once, not each pair.
    [*((name, "aes128") for name in AUTHENTICATIONS), ("md5", ""), *(("sha256", name) for name in PRIVACIES)],
)
def test_what_is_sealed_opens_with_the_same_secrets_only_and_shows_nothing(authentication: str, privacy: str) -> None:
    plain = v3("bulk", COLUMN) if privacy else request_v3("auditor", ENGINE, "bulk", [COLUMN], 7, encrypted=False)
    user = Usm("auditor", authentication, "sign-with-this", privacy, "hide-with-this")
    sealed = user.seal(plain)
    opened = user.open(sealed)
    assert opened is not None
    assert snmp_v3_tables(opened)
    assert Usm("auditor", authentication, "another-secret", privacy, "hide-with-this").open(sealed) is None
    assert user.open(sealed[:-1] + bytes([sealed[-1] ^ 1])) is None
    # The whole object identifier: two bytes of it stand in a sealed message by chance once in some hundred runs.
    column = plain[plain.index(bytes([6, 12])) :][:14]
    assert bool(privacy) != (column in sealed)
    assert "with-this" not in repr(user)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(raw: bytes) -> None:
    assert not snmp_tables(raw)
    assert not snmp_v3_tables(raw)
    assert Usm("auditor", "sha256", "sign-with-this").open(raw) is None
