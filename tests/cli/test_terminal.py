"""Untrusted text on a terminal is harmless, tables stay tables, time spans read well."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.cli.terminal import ProgressLine, duration, harmless, table
from netaudit.scan.options import Phase, Progress


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("DS-2CD2385G1-I", "DS-2CD2385G1-I"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("Büro 三", "Büro 三"),
    ],
)
def test_control_characters_are_shown_not_obeyed(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_whatever_a_device_says_stays_on_its_line(text: str) -> None:
    assert all(char == " " or char.isprintable() or char == "\u00a0" for char in harmless(text))


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=300)), max_size=5))
def test_a_table_has_one_line_a_row(rows: list[tuple[str, str]]) -> None:
    lines = list(table(("name", "value"), rows))
    assert len(lines) == len(rows) + 1
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(("seconds", "text"), [(4.4, "4 s"), (200, "3 min"), (7800, "2 h 10 min")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def step(phase: Phase, done: int, rate: float = 99.6, eta: float | None = 12.0) -> Progress:
    return Progress(phase, done, total=10, found=2, rate=rate, eta=eta, packets=30)


def test_progress_into_a_file_is_a_line_a_phase() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    for each in (step("discover", 1), step("discover", 2), step("questions", 3)):
        line(each)
    line.close()
    assert stream.getvalue().splitlines() == [
        "discover: 1/10, 2 found, 30 packets at 100/s, about 12 s left",
        "questions: 3/10, 2 found, 30 packets at 100/s, about 12 s left",
    ]


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (step("discover", 0, rate=0.0, eta=None), "discover: 0/10, 2 found, 30 packets"),
        (step("questions", 9, eta=0.4), "questions: 9/10, 2 found, 30 packets at 100/s"),
        (step("done", 10, eta=0.0), "done: 10/10, 2 found, 30 packets"),
    ],
)
def test_progress_says_no_rate_and_no_rest_where_there_is_none(progress: Progress, text: str) -> None:
    stream = io.StringIO()
    ProgressLine(stream)(progress)
    assert stream.getvalue() == text + "\n"
