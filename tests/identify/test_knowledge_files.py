"""Signature files: what is refused, with place and reason; the user's own folder; the digest."""

from pathlib import Path

import pytest

from netaudit.errors import DataError
from netaudit.identify.knowledge import load_knowledge, signature_files
from tests.identify.support import FIXTURE, heard, one, small, write_signatures

GOOD = """
[[signature]]
id = "mine"
field = "title"
pattern = '^Acme (?P<model>\\S+)$'
says = { maker = "axis", model = "{model}" }
strength = "strong"
sources = ["own unit"]
examples = ["Acme X1"]
counter_examples = ["Acme"]
"""


def test_a_users_own_signature_is_used() -> None:
    device = one([heard("http.response", {"title": "Acme X1"})], write_signatures(GOOD))
    assert (device.maker.value, device.model.value) == ("axis", "X1")


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ('"mine"', '"Not Good"', 3, "wrong form"),
        ("'^Acme (?P<model>\\S+)$'", "'(unclosed'", 5, "no regular expression"),
        ('"axis"', '"nobody"', 6, "'nobody', which is in no word list"),
        ('"{model}"', '"{other}"', 6, "a group named 'other'"),
        ("maker =", "marker =", 6, "says 'marker'"),
        ('"strong"', '"sure"', 7, "strength is 'sure'"),
        ('["Acme X1"]', '["Zeta"]', 9, "its own example 'Zeta' does not match"),
        ('["Acme"]', '["Acme X2"]', 10, "its counter-example 'Acme X2' matches"),
        ('field = "title"\n', "", 2, "field is missing"),
        ('examples = ["Acme X1"]', "examples = [1]", 9, "a list of texts"),
        ('strength = "strong"', 'strength = "strong"\nneeds = { field = "x" }', 8, "needs is"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_id(old: str, new: str, line: int, word: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        write_signatures(GOOD.replace(old, new, 1))
    assert caught.value.where.endswith(f"http.response.toml:{line}")
    assert word in str(caught.value)


def test_lenient_leaves_out_what_is_wrong_and_keeps_the_rest() -> None:
    broken = GOOD.replace('"mine"', '"broken"').replace("strong", "sure")
    knowledge = write_signatures(broken + GOOD, lenient=True)
    assert "mine" in knowledge.signatures
    assert "broken" not in knowledge.signatures
    [fault] = knowledge.faults
    assert "signature 'broken'" in str(fault)
    assert write_signatures("this is no toml", lenient=True).faults


def test_an_id_used_twice_is_refused_but_the_users_own_replaces_the_built_in() -> None:
    with pytest.raises(DataError, match="used twice"):
        write_signatures(GOOD + GOOD)
    changed = write_signatures(GOOD.replace('"mine"', '"http-server-dnvrs"'))
    assert changed.signatures["http-server-dnvrs"].field == "title"


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("makers.toml", '[[maker]]\nid = "m"\nname = "M"\nparent = "none"', "parent 'none'"),
        ("platforms.toml", '[[platform]]\nid = "p"\nname = "P"\nmaker = "none"', "maker 'none'"),
        ("brands.toml", '[[brand]]\nid = "b"\nname = "B"\nown_of = "none"', "own_of 'none'"),
        ("brands.toml", '[[brand]]\nid = "b"\nname = "B"\n[[brand.made_by]]\nmaker = "none"', "maker 'none'"),
        ("affiliations.toml", '[[edge]]\nfrom = "x"\nkind = "subsidiary"', "to is missing"),
        ("layers.toml", '[[layer]]\nkind = "x"', "layer is missing"),
        ("models/axis.toml", "[[model]]\nmaker = 'axis'\npattern = '('", "no regular expression"),
        ("models/axis.toml", "[[model]]\nmaker = 'axis'\npattern = '^M'\nexamples = ['P']", "does not match"),
        ("makers.toml", "maker = 1", "no list of tables"),
    ],
)
def test_word_lists_are_checked_too(name: str, text: str, word: str) -> None:
    with pytest.raises(DataError, match=word) as caught:
        write_signatures(text, name)
    assert f"{name}:" in caught.value.where


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no folder"):
        load_knowledge([tmp_path / "none"], built_in=False)


def test_the_digest_changes_with_every_file_and_only_with_them(tmp_path: Path) -> None:
    registry = FIXTURE / "oui_data"
    again = load_knowledge([FIXTURE / "signatures"], built_in=False, oui_folder=registry)
    assert again.digest == small().digest
    assert write_signatures(GOOD).digest != small().digest
    assert load_knowledge([FIXTURE / "signatures"], built_in=False, oui_folder=tmp_path).digest != small().digest
    assert FIXTURE / "signatures" / "fingerprints" / "sadp.reply.toml" in signature_files(FIXTURE / "signatures")


def test_layers_come_from_the_file_field_before_kind_before_name() -> None:
    knowledge = write_signatures('[[layer]]\nkind = "sadp.reply"\nfield = "DeviceSN"\nlayer = "factory"', "layers.toml")
    assert knowledge.layer("sadp.reply", "DeviceSN") == "factory"
    assert knowledge.layer("sadp.reply", "MAC") == "sadp"
    assert knowledge.layer("new.kind") == "new"
