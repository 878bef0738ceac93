"""MAC look-up: longest prefix, flags, and "no MAC" apart from "no match"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.identify.oui import MacOwner, OuiTable, is_unicast_global, normal_mac
from tests.identify.support import FIXTURE

TABLE = OuiTable(FIXTURE / "oui_data")


@pytest.mark.parametrize(
    ("mac", "organisation", "prefix"),
    [
        ("70:B3:D5:12:34:56", "Small Block", "70b3d5123"),
        ("70-b3-d5-1f-ff-ff", "Middle Block", "70b3d51"),
        ("70b3.d5ff.ffff", "IEEE Registration Authority", "70b3d5"),
        ("5850ED1FE385", "Hangzhou Hikvision Digital Technology", "5850ed"),
    ],
)
def test_the_longest_prefix_wins_in_every_notation(mac: str, organisation: str, prefix: str) -> None:
    owner = TABLE.lookup(mac)
    assert (owner.state, owner.organisation, owner.prefix) == ("found", organisation, prefix)


def test_the_camera_view_gives_maker_and_role() -> None:
    assert TABLE.lookup("58:50:ed:1f:e3:85") == MacOwner(
        "found", "5850ed", "Hangzhou Hikvision Digital Technology", "hikvision", "camera maker"
    )
    assert TABLE.lookup("00:11:22:00:00:00").role == ""


@pytest.mark.parametrize(
    ("mac", "state"),
    [
        (None, "no MAC"), ("", "no MAC"), ("00:00:5e:00:53:01", "no match"),
        ("02:00:00:00:00:01", "locally administered"),
        ("01:00:5e:00:00:01", "multicast"), ("ff:ff:ff:ff:ff:ff", "multicast"), ("58:50:ed", "malformed"),
        ("x" * 99, "malformed"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_up_says_why(mac: str | None, state: str) -> None:
    assert TABLE.lookup(mac).state == state


def test_without_a_folder_nothing_matches() -> None:
    assert OuiTable(None).lookup("58:50:ed:1f:e3:85").state == "no match"


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    owner = TABLE.lookup(text)
    normal = normal_mac(text)
    assert bool(normal) == (owner.state not in ("no MAC", "malformed"))
    if normal:
        assert normal_mac(normal) == normal
        assert is_unicast_global(normal) == (owner.state in ("found", "no match") and normal != "00:00:00:00:00:00")
