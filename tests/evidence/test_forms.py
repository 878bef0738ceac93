"""An answer that is read through its form has the fields that its reader finds, whatever words stand in it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fleet import fleet
from netaudit.evidence import cuts, kinds, memory
from netaudit.evidence.fields import Fields
from netaudit.evidence.form import WORD, Filled
from netaudit.evidence.memory import Memory

RECORDED = Path(__file__).parents[1] / "recorded"
ACCURACY = Path(__file__).parents[2] / "benchmarks" / "accuracy" / "devices"
FOLDERS = {
    "http": "http.response", "rtsp": "rtsp.response", "ssdp": "ssdp.reply", "upnp": "upnp.description",
    "wsd": "wsd.probe_match",
}  # fmt: skip
CUT_KINDS = sorted(kinds._tables().cuts)
WORDS = st.text(alphabet=WORD.decode() + 'é<>&%"\\/ ,=\r\n\0', min_size=1, max_size=9).map(str.encode)
NASTY = st.sampled_from(
    [b"RTSP", b"1.0", b"200", b"Xq0001qX", b"0", b"99999", b"realm", b"chunked", b"onvif:", b"20", b"--", b"true",
     b"http:", b"A" * 300, b":", b"()", b"*"]
)  # fmt: skip


def recorded() -> Iterator[tuple[str, bytes]]:
    """Every answer of the recorded corpus, the labelled set and a small fleet, of the kinds that have forms."""
    for folder, kind in FOLDERS.items():
        for path in sorted((RECORDED / folder).iterdir()):
            yield kind, path.read_bytes()
    for path in sorted(ACCURACY.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            data = json.loads(line)
            if data["kind"] in CUT_KINDS and isinstance(data.get("raw"), str):
                yield data["kind"], data["raw"].encode()
    for observation in fleet(12):
        if observation.kind in CUT_KINDS and observation.raw:
            yield observation.kind, observation.raw


ANSWERS = [*dict.fromkeys(recorded())]


def fresh(kind: str) -> Memory:
    return Memory(lambda raw: kinds.read(kind, raw), kinds._tables().cuts[kind])


def through(forms: Memory, kind: str, raw: bytes) -> Fields | None:
    """Read an answer as `derive` does, and check it against the reader; None where no form was used."""
    found = forms.find(raw)
    kept = kinds.redact(kind, raw)
    fields = kinds.read(kind, kept)
    if found is None:
        if kept == raw:
            forms.keep(raw, fields)
        return None
    assert kept == raw
    assert dict(found) == fields
    assert list(found) == list(fields)
    again = forms.find(raw)  # the second time by the places of the words in answers of this length
    assert again is not None
    assert dict(again) == fields
    return found


def changed(raw: bytes, places: list[int], words: list[bytes]) -> bytes:
    """An answer with other words in some places, whatever stands there: tags, keys, numbers, values."""
    runs = [*re.finditer(rb"[0-9A-Za-z._:-]+", raw)]
    for place, word in zip(places, words, strict=False):
        if runs:
            run = runs[place % len(runs)]
            raw = raw[: run.start()] + word + raw[run.end() :]
            runs = [*re.finditer(rb"[0-9A-Za-z._:-]+", raw)]
    return raw


def test_there_is_a_corpus_of_every_kind() -> None:
    assert len(ANSWERS) > 250
    assert {kind for kind, _ in ANSWERS} >= {"http.response", "rtsp.response", "sadp.reply", "wsd.probe_match"}


def test_the_corpus_is_read_alike_in_both_ways() -> None:
    forms = {kind: fresh(kind) for kind in CUT_KINDS}
    known = sum(through(forms[kind], kind, raw) is not None for _ in range(3) for kind, raw in ANSWERS)
    assert known > len(ANSWERS)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ANSWERS), st.data())
def test_words_that_change_are_read_alike_in_both_ways(answer: tuple[str, bytes], data: st.DataObject) -> None:
    kind, raw = answer
    forms = fresh(kind)
    _, words = cuts.pieces(raw, kinds._tables().cuts[kind])
    places = [data.draw(st.integers(0, 400)) for _ in range(data.draw(st.integers(1, 4)))]
    for _ in range(5):
        through(forms, kind, raw)
        through(forms, kind, changed(raw, places, [data.draw(WORDS | NASTY) for _ in places]))
        spans = [*kinds._tables().cuts[kind].spans(raw)]
        if words and spans:
            start, end = data.draw(st.sampled_from(spans))
            through(forms, kind, raw[:start] + data.draw(WORDS | NASTY) + raw[end:])


@pytest.mark.parametrize("kind", ["sadp.reply", "wsd.probe_match", "dhip.reply", "rtsp.response", "http.response"])
def test_a_fleet_is_read_through_forms(kind: str) -> None:
    forms = fresh(kind)
    answers = [item.raw for item in fleet(120) if item.kind == kind and item.raw]
    known = [through(forms, kind, raw) for raw in answers]
    assert sum(isinstance(found, Filled) for found in known) > 0.5 * len(known)


def test_a_list_whose_values_become_equal_is_read_by_the_reader() -> None:
    forms = fresh("wsd.probe_match")
    page = "<Hello><XAddrs>http://{}/onvif/device_service http://{}/onvif/device_service</XAddrs></Hello>"
    for pair in (("10.0.0.1", "10.1.0.1"), ("10.0.0.2", "10.1.0.2"), ("10.0.0.3", "10.1.0.3")):
        through(forms, "wsd.probe_match", page.format(*pair).encode())
    for number in range(4, 7):
        own = f"10.0.0.{number}"
        assert isinstance(forms.find(page.format(own, f"10.1.0.{number}").encode()), Filled)
        assert through(forms, "wsd.probe_match", page.format(own, own).encode()) is None


def test_a_form_that_others_pushed_out_of_its_bucket_comes_back() -> None:
    forms = fresh("sadp.reply")
    page = "<ProbeMatch><a{0}>{1}</a{0}></ProbeMatch>"
    for number in range(2 * memory._ALIKE):
        for text in ("x", "y", "z"):
            through(forms, "sadp.reply", page.format(number, text).encode())
    assert forms.find(page.format(0, "w").encode()) is None
    through(forms, "sadp.reply", page.format(0, "w").encode())
    assert isinstance(forms.find(page.format(0, "v").encode()), Filled)


def test_a_secret_is_never_taken_into_a_form() -> None:
    forms = fresh("sadp.reply")
    page = "<ProbeMatch><DeviceSN>A{0}</DeviceSN><Salt>{1}</Salt></ProbeMatch>"
    for number in range(4):
        assert through(forms, "sadp.reply", page.format(number, "s3cret").encode()) is None
        through(forms, "sadp.reply", page.format(number, "").encode())
    assert forms.find(page.format(9, "s3cret").encode()) is None


def test_answers_of_one_length_whose_words_stand_elsewhere_are_told_apart() -> None:
    forms = fresh("sadp.reply")
    page = "<ProbeMatch><DeviceSN>{}</DeviceSN><MAC>{}</MAC></ProbeMatch>"
    for pair in (("A1", "b2"), ("C3", "d4"), ("longer", "b"), ("b", "longer"), ("abc", "defg"), ("n/o", "word")):
        for _ in range(2):
            through(forms, "sadp.reply", page.format(*pair).encode())
    assert max(map(len, forms._grids.values())) == 3


def test_what_is_remembered_is_bounded() -> None:
    forms, words = fresh("sadp.reply"), Memory(lambda raw: {"a": raw.decode()}, None)
    for number in range(3 * memory._REMEMBERED):
        through(forms, "sadp.reply", b"<ProbeMatch><a%d>1</a%d></ProbeMatch>" % (number, number))
        words.keep(b"%d" % number, {"a": "1"})
    assert len(forms._moulds) <= memory._REMEMBERED >= len(words._known)
    assert sum(map(len, forms._alike.values())) <= memory._REMEMBERED
    for number in range(2 * memory._GRIDS):
        through(forms, "sadp.reply", b"<ProbeMatch><a0>%s</a0></ProbeMatch>" % (b"1" * (1 + number)))
    assert len(forms._grids) <= memory._GRIDS
    forms.keep(bytes(10_000), {})
    assert forms.find(bytes(10_000)) is None


def test_a_reader_that_does_not_hand_words_on_has_no_form() -> None:
    forms = Memory(lambda raw: {"upper": raw.decode().upper()}, cuts.JSON)
    for number in range(5):
        raw = b'{"a":"w%d"}' % number
        forms.keep(raw, {"upper": raw.decode().upper()})
        assert forms.find(raw) is None or dict(forms.find(raw) or {}) == {"upper": raw.decode().upper()}
