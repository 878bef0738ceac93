"""scope.toml: what is allowed is read, what is wrong is named with line and remedy."""

from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError, NetauditError, ScopeError, UsageError
from netaudit.scope.load import load_scope, parse_scope
from netaudit.scope.model import NEVER_TOUCH, Authorisation, Network
from netaudit.scope.write import scope_text, write_new

GRANTED = """\
[authorisation]
organisation = "Example School"
authorised_by = "Head of Estates"
role = "owner"
reference = "memo 7"
valid_from = 2026-11-01
valid_until = 2027-11-01
"""
GOOD = GRANTED + '[[network]]\ncidr = "10.20.0.0/20"\nsite = "HQ"\nexclude = ["10.20.0.1", "10.20.3.0/28"]\n'


def test_a_good_scope_is_read() -> None:
    scope = parse_scope(GOOD.encode())
    assert scope.authorisation.valid_until == date(2027, 11, 1)
    assert scope.networks[0].exclude == (ip_network("10.20.0.1/32"), ip_network("10.20.3.0/28"))
    assert scope.limits.packets_per_second == 500
    assert scope.raw == GOOD.encode()


def test_the_profile_gives_the_limits_and_the_file_overrides_them() -> None:
    assert parse_scope(GOOD.encode(), "gentle").limits.packets_per_host == 5
    limits = parse_scope((GOOD + "[limits]\npackets_per_host = 3\nnever_touch = [8000]\n").encode(), "gentle").limits
    assert (limits.packets_per_host, limits.packets_per_second) == (3, 50)
    assert limits.never_touch == NEVER_TOUCH | {8000}


def test_the_share_of_silent_hosts_that_stops_a_run_is_settable() -> None:
    assert parse_scope(GOOD.encode()).limits.stop_when_silent == 0.05
    assert parse_scope((GOOD + "[limits]\nstop_when_silent = 0.2\n").encode()).limits.stop_when_silent == 0.2
    assert parse_scope((GOOD + "[limits]\nstop_when_silent = 1\n").encode()).limits.stop_when_silent == 1.0


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("x = [", DataError, r"scope\.toml:1: is not TOML"),
        ('[[network]]\ncidr = "10.0.0.0/24"', ScopeError, r"no \[authorisation\].*netaudit init"),
        (GRANTED, DataError, "names no network"),
        (GOOD.replace('"Head of Estates"', '""'), ScopeError, "toml:3: authorised_by is empty"),
        (GOOD.replace('"Head of Estates"', "7"), DataError, r'toml:3: authorised_by is 7 \(expected authorised_by = "'),
        (GOOD.replace("valid_until = 2027-11-01\n", ""), DataError, "toml:1: valid_until is missing"),
        (GOOD.replace("2027-11-01", '"2027-11-01"'), DataError, "toml:7: valid_until is '2027-11-01'"),
        (GOOD.replace("2027", "2025"), DataError, "toml:7: valid_until is before valid_from"),
        (GOOD.replace("10.20.0.0/20", "10.20.0.5/20"), DataError, "toml:9: '10.20.0.5/20': .*has host bits set"),
        (GOOD.replace("10.20.0.0/20", "10.20.0.0/200"), DataError, "toml:9: .*expected a network such as"),
        (
            GOOD.replace("10.20.0.0/20", "8.8.8.0/24"),
            ScopeError,
            "toml:9: 8.8.8.0/24 is a public range: .*public = true",
        ),
        (GOOD.replace("10.20.0.0/20", "0.0.0.0/0"), ScopeError, "0.0.0.0/0 holds"),
        (GOOD.replace("10.20.0.0/20", "224.0.0.0/24"), ScopeError, "no network of hosts"),
        (GOOD + 'sight = "x"\n', DataError, r"toml:12: unknown key 'sight' in \[\[network\]\]"),
        (GOOD + "[limits]\npackets_per_host = 0\n", DataError, "toml:13: packets_per_host is 0"),
        (GOOD + "[limits]\nstop_when_silent = 5\n", DataError, "toml:13: stop_when_silent is 5"),
        (GOOD + "[limits]\nspeed = 1\n", DataError, "toml:13: unknown limit 'speed'"),
        (GOOD + "[scanner]\n", DataError, r"toml:12: has the unknown table \[scanner\]"),
        (GOOD + '[network]\ncidr="10.0.0.0/24"\n', DataError, "toml:12: is not TOML"),
        (
            GOOD + '[[credential]]\nname = "a"\nusername = "u"\nsecret = "hunter2"\nbound_to = ["10.20.0.7"]\n',
            DataError,
            "toml:15: secret does not name where the secret lies",
        ),
    ],
)
def test_mistakes_are_named_with_line_and_remedy(text: str, error: type[NetauditError], message: str) -> None:
    with pytest.raises(error, match=f"(?s){message}"):
        parse_scope(text.encode())


def test_a_secret_written_into_the_scope_is_not_repeated_in_the_message() -> None:
    text = GOOD + '[[credential]]\nname = "a"\nusername = "u"\nsecret = "hunter2"\nbound_to = ["10.20.0.7"]\n'
    with pytest.raises(DataError) as caught:
        parse_scope(text.encode())
    assert "hunter2" not in str(caught.value)


def test_a_public_range_with_its_reason_is_allowed() -> None:
    text = GOOD.replace('"10.20.0.0/20"', '"198.51.100.0/24"').replace(', "10.20.3.0/28"]', "]")
    assert parse_scope((text + 'public = true\nreason = "our own range"\n').encode()).networks[0].public


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_scope(tmp_path / "none.toml")


words = st.text(max_size=30)


@given(words.filter(str.strip), words.filter(str.strip), words)
def test_whatever_is_answered_becomes_a_file_that_reads_back(organisation: str, person: str, site: str) -> None:
    granted = Authorisation(organisation, person, "role", "ref", date(2026, 1, 1), date(2027, 1, 1))
    network = Network(ip_network("10.0.0.0/24"), site, exclude=(ip_network("10.0.0.9/32"),))
    scope = parse_scope(scope_text(granted, [network]).encode())
    assert scope.authorisation == granted
    assert scope.networks == (network,)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_scope_or_a_named_error(raw: bytes) -> None:
    with pytest.raises(NetauditError):
        parse_scope(raw)


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "scope.toml"
    write_new(path, "a")
    with pytest.raises(UsageError, match="exists already"):
        write_new(path, "b")
    assert path.read_text() == "a"
    assert list(tmp_path.iterdir()) == [path]
