"""The catalogue of fixed texts: complete, used, and never claiming what is not ours to claim."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import netaudit.report
from netaudit.identify.device import DEVICE_TYPES
from netaudit.policy.finding import STATUS_ORDER
from netaudit.report import html, markdown, xlsx
from netaudit.report.limits import OUTCOMES
from netaudit.report.message import say
from netaudit.report.pdf_data import pdf_data
from netaudit.report.texts import languages, load_texts
from tests.report.sample import sample

TEXTS = load_texts()
ROOM = Path(netaudit.report.__file__).parent
NOTICES = ROOM.parent / "notice"
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (*ROOM.rglob("*.py"), *(ROOM / "templates").glob("*.j2"), *NOTICES.rglob("*.py"))
)
# Keys that are put together from a prefix and a value.
BUILT = [*re.findall(r'"([a-z_.]+[._])" ~', SOURCE), *re.findall(r'f"([a-z_.]+[._])\{', SOURCE)]


def test_every_text_is_used() -> None:
    unused = [
        key
        for key in TEXTS.entries
        if f'"{key}"' not in SOURCE and f"'{key}'" not in SOURCE and not key.startswith((*BUILT, "number."))
    ]
    assert unused == []


def test_every_value_that_can_be_shown_has_a_word() -> None:
    keys = {f"status.{name}" for name in STATUS_ORDER} | {f"status_means.{name}" for name in STATUS_ORDER}
    keys |= {f"type.{name}" for name in DEVICE_TYPES} | {f"outcome.{name}" for name in OUTCOMES}
    keys |= {f"strength.{name}" for name in ("proof", "strong", "moderate", "weak", "nothing")}
    keys |= {f"grade.{name}" for name in ("confirmed", "probable", "possible", "unknown")}
    keys |= {f"outcome_means.{name}" for name in (*OUTCOMES[1:], "no_attempt")}
    assert keys <= set(TEXTS.entries)


def test_the_word_that_is_not_ours_to_say_is_nowhere() -> None:
    for entry in TEXTS.entries.values():
        for text in (entry,) if isinstance(entry, str) else entry.values():
            assert "complian" not in text.lower()


def test_plurals_numbers_and_per_cent() -> None:
    assert TEXTS("answer.human", n=1) == "1 unit needs a person to look."
    assert TEXTS.tell(say("answer.missed", n=3296)) == "3,296 addresses were not reached."
    assert [TEXTS.percent(value) for value in (0.9964, 0.99999, 1.0, 0.5, 0.29)] == [
        "99.6 %", "99.9 %", "100 %", "50 %", "29 %",
    ]  # fmt: skip


def test_values_are_filled_in_once() -> None:
    assert "{n}" in TEXTS("change.contradiction", text="{n} {text}")


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        TEXTS("no.such.text")


def test_languages_are_found() -> None:
    assert languages() == ("de", "en")


def _values(entry: object) -> set[str]:
    texts = [entry] if isinstance(entry, str) else list(entry.values()) if isinstance(entry, Mapping) else []
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_every_translation_has_the_same_keys_values_and_plurals(language: str) -> None:
    other = load_texts(language).entries
    assert list(other) == list(TEXTS.entries)
    for key, entry in TEXTS.entries.items():
        assert isinstance(other[key], str) == isinstance(entry, str), key
        assert _values(other[key]) == _values(entry), key
        assert not key.startswith("number.") or other[key]
    same = [key for key in other if other[key] == TEXTS.entries[key] and len(str(other[key])) > 24]
    assert same in ([], ["print.moment"])


@pytest.mark.parametrize("language", languages())
def test_every_report_can_be_written_in_every_language(language: str) -> None:
    report, texts = sample(hostile=False).report(), load_texts(language)
    page = html.render(report, texts).decode()
    assert f'<html lang="{language}">' in page
    assert str(texts.entries["limits.always_analogue"]) in page
    assert str(texts.entries["sites.heading"]) in markdown.render(report, texts).decode()
    assert xlsx.render(report, texts)[:2] == b"PK"
    data = pdf_data(report, texts, "a4")
    assert data["language"] == language
