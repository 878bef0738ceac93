"""Text of unknown origin: nothing invisible stays invisible, nothing endless stays endless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.report.visible import clip, visible


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "[ESC][31mred"),
        ("a\x00b\x7f", "a[NUL]b[DEL]"),
        ("photo\u202egpj.exe", "photo[U+202E]gpj.exe"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\ud800", "[U+D800]"),
        ("a\tb\r\nc", "a[TAB]b[CR][LF]c"),
        ("no\u00a0break", "no break"),
        ("Кирпич 摄像机 é", "Кирпич 摄像机 é"),
    ],
)
def test_what_cannot_be_seen_is_written_out(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_line_ends_may_be_kept() -> None:
    assert visible("a\r\nb\rc\x1b", lines=True) == "a\nb[CR]c[ESC]"


def test_piled_up_accents_do_not_paint_over_other_lines() -> None:
    assert visible("Z" + "\u0301" * 60) == "Z\u0301\u0301\u0301[+57]"
    assert visible("e\u0301") == "e\u0301"


@given(st.text())
def test_nothing_unprintable_is_left(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(text, lines=True).replace("\n", "").isprintable()


@given(st.text(), st.integers(1, 50))
def test_clip_says_what_it_left_off(text: str, limit: int) -> None:
    shown = clip(text, limit)
    assert shown == text if len(text) <= limit else shown == f"{text[:limit]}… (+{len(text) - limit})"
