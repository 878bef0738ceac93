"""[[switch]] and [[router]]: what is written is read, what cannot work is named with its line."""

import pytest

from netaudit.errors import DataError, NetauditError, ScopeError
from netaudit.scope.load import parse_scope
from tests.scope.test_load import GOOD


def test_a_switch_with_a_community_and_a_router_with_a_user() -> None:
    text = (
        '[[switch]]\naddress = ["10.20.0.2", "10.20.0.3"]\ncommunity = "env:SNMP_WORD"\n'
        '[[router]]\naddress = "10.20.0.4"\nname = "core"\nuser = "auditor"\nauth = "sha512"\n'
        'auth_secret = "keyring:a/b"\nprivacy = "aes256"\nprivacy_secret = "file:/root/p"\n'
    )
    first, second, router = parse_scope((GOOD + text).encode()).agents
    assert (first.role, first.address, second.address) == ("switch", "10.20.0.2", "10.20.0.3")
    assert (first.secret.source, first.user, first.label) == ("env:SNMP_WORD", "", "10.20.0.2")
    assert (router.user, router.authentication, router.privacy, router.label) == ("auditor", "sha512", "aes256", "core")
    assert router.privacy_secret is not None
    assert router.privacy_secret.source == "file:/root/p"
    assert first.secret.name != second.secret.name


@pytest.mark.parametrize(
    ("entry", "error", "message"),
    [
        ('address = "10.20.0.2"', DataError, "toml:12: needs either community"),
        ('address = "10.20.0.2"\ncommunity = "env:A"\nuser = "u"\nauth_secret = "env:B"', DataError, "needs either"),
        ('address = "10.20.0.2"\ncommunity = "public"', DataError, "toml:14: community does not name where"),
        ('address = "10.20.0.2"\ncommunity = "env:A"\nport = 1', DataError, "port"),
        ('address = "10.20.0.2"\ncommunity = "env:A"\ncolour = "x"', DataError, "unknown key 'colour'"),
        ('address = "10.20.0.2"\nuser = "u"', DataError, "auth_secret is missing"),
        ('address = "10.20.0.2"\nuser = "u"\nauth_secret = "env:A"\nprivacy = "aes128"', DataError, "belong together"),
        ('address = "10.20.0.2"\nuser = "u"\nauth_secret = "env:A"\nauth = "md4"', DataError, "auth is 'md4'"),
        (
            'address = "10.20.0.2"\nuser = "u"\nauth_secret = "env:A"\nprivacy = "x"\nprivacy_secret = "env:P"',
            DataError,
            "privacy is 'x'",
        ),
        ('address = "10.99.0.2"\ncommunity = "env:A"', ScopeError, "toml:13: 10.99.0.2 is in no network of this scope"),
        ('address = "10.20.0.1"\ncommunity = "env:A"', ScopeError, "10.20.0.1 is in no network"),
        ('address = "sw1"\ncommunity = "env:A"', DataError, "'sw1' is not an address"),
        ('address = []\ncommunity = "env:A"', DataError, "address is missing"),
        ('community = "env:A"', DataError, "address is missing"),
    ],
)
def test_what_cannot_work_is_named(entry: str, error: type[NetauditError], message: str) -> None:
    with pytest.raises(error, match=message):
        parse_scope((GOOD + "[[switch]]\n" + entry + "\n").encode())
