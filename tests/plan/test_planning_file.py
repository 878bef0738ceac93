"""planning.toml: what it says is read, and every mistake is named with its line."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.data import data_folder
from netaudit.errors import DataError
from netaudit.plan.amounts import hundredths, money, overlap
from netaudit.plan.jobs import lateness, share
from netaudit.plan.periods import LENGTHS, make_periods
from netaudit.plan.price_file import read_prices
from netaudit.plan.project import Period, Project, Site, Window
from netaudit.plan.project_file import parse_project, read_project
from netaudit.toml_file import parse_toml
from tests.plan.scenes import planning

HEAD = '[plan]\ncurrency = "EUR"\n[periods]\nfirst = 2027-01-01\n'
EXAMPLE = data_folder("signatures") / "planning" / "planning.example.toml"


def project(text: str) -> Project:
    return parse_project(parse_toml((HEAD + text).encode(), Path("planning.toml")), planning())


def test_the_example_reads_as_it_is_and_with_every_line_on() -> None:
    assert len(read_project(EXAMPLE, planning()).periods) == 8
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    on = [line[2:] if line.startswith("# ") and ("=" in line or line.startswith("# [")) else line for line in lines]
    text = "\n".join(line for line in on if not line.startswith(('"', "What", "Days of")))
    full = parse_project(parse_toml(_without_prose(text).encode(), Path("full.toml")), planning())
    assert full.sites["Town hall"].max_units == 40
    assert full.switches[0].room == (370 * 75 // 100 - 40) * 10 + 5
    assert [source.format for source in full.prices] == ["csv", "camera-database"]
    assert full.lines[0].high == 900_00


def _without_prose(text: str) -> str:
    """Leave out the comments that are sentences: a key is one word before the sign."""
    rows = text.splitlines()
    return "\n".join(row for row in rows if not ("=" in row and " " in row.split("=")[0].strip().strip('"')))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("count = 0\n", 5, "count is 0"),
        ('length = "week"\n', 5, "length is 'week'"),
        ("budget = -1\n", 5, "budget is -1"),
        ("budget = true\n", 5, "budget is True"),
        ('[[period]]\nname = "2031 Q1"\n', 6, "name is '2031 Q1'"),
        ('[[site]]\nname = "A"\nwindows = [{ from = 2027-05-01, until = 2027-04-01 }]\n', 7, "windows runs from"),
        ('[[site]]\nname = "A"\n[[site]]\nname = "A"\n', 8, "site 'A' stands twice"),
        ('[[pin]]\ndevice = "d"\nperiod = "2027 Q1"\n', 5, "the wish has no reason or no name"),
        ('[[pin]]\ndevice = "d"\nsite = "A"\nperiod = "2027 Q1"\n', 6, "names no unit or two"),
        ('[[cost]]\nline = "labour"\nhigh = 5\n', 5, "an amount without its day or source"),
        ('[[cost]]\nline = "bribe"\nhigh = 5\n', 6, "line is 'bribe'"),
        ('[[prices]]\nfile = "p.csv"\ncurrency = "euro"\n', 7, "currency is 'euro'"),
        ("[effort]\ncamra = 1\n", 6, "unknown key 'camra'"),
        ('[[switch]]\nname = "s"\nwatts = 10\nheadroom = 100\n', 8, "headroom is 100"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(DataError) as caught:
        project(text)
    assert caught.value.where == f"planning.toml:{line}"
    assert message in caught.value.problem


def test_amounts_need_a_currency() -> None:
    text = HEAD.replace('currency = "EUR"\n', "") + "budget = 5\n"
    with pytest.raises(DataError, match="there are amounts, but no currency"):
        parse_project(parse_toml(text.encode(), Path("planning.toml")), planning())


@given(st.sampled_from(LENGTHS), st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(1, 40))
def test_periods_follow_each_other_without_a_gap(length: str, first: date, count: int) -> None:
    rows = make_periods(str(first), count, length, Period("", "", "", None, 0, 1))
    assert rows[0].start == str(first)
    assert len({row.name for row in rows}) == count
    for one, two in pairwise(rows):
        assert one.start <= one.end < two.start
        assert overlap((one.start, two.end), (one.end, two.start)) == 2


def test_quarters_have_the_names_people_use() -> None:
    rows = make_periods("2026-10-01", 3, "quarter", Period("", "", "", None, 0, 1))
    assert [(row.name, row.end) for row in rows][:2] == [("2026 Q4", "2026-12-31"), ("2027 Q1", "2027-03-31")]


def test_lateness_counts_from_the_last_period_that_ends_in_time() -> None:
    rows = make_periods("2027-01-01", 4, "quarter", Period("", "", "", None, 0, 1))
    assert lateness("2027-06-30", rows) == (0, 0, 1, 2)
    assert lateness("2027-06-29", rows) == (0, 1, 2, 3)
    assert lateness("2020-08-13", rows) == (1, 2, 3, 4)


def test_a_window_opens_a_part_of_a_period() -> None:
    rows = make_periods("2027-07-01", 2, "quarter", Period("", "", "", None, 0, 1))
    school = Site("S", windows=(Window("2027-08-01", "2027-08-31"),), closed=(Window("2027-08-20", "2027-08-31"),))
    assert [share(school, row) for row in rows] == [100 * 19 // 92, 0]


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1,234.50", ".", 123450), ("1.234,50", ",", 123450), ("12 500", ".", 1250000), ("249.9", ".", 24990),
        ("1.234", ",", 123400), ("12,5", ".", None), ("1,23", ".", None), ("", ".", None), ("=1+1", ".", None),
        ("1e9", ".", None), ("\u0661", ".", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_written_or_not_at_all(text: str, decimal: str, amount: int | None) -> None:
    # A decimal sign where the file says thousands stand must not become another number.
    assert hundredths(text, decimal) == amount


@given(st.integers(0, 10**11))
def test_an_amount_reads_back(amount: int) -> None:
    assert hundredths(money(amount)) == amount


def test_the_planning_file_of_the_samples_reads_and_so_do_its_prices() -> None:
    folder = Path(__file__).resolve().parents[2] / "docs" / "samples"
    project = read_project(folder / "planning.toml", planning())
    [source] = project.prices
    offer = read_prices(folder / source.file, source)
    assert offer.refused == ()
    assert {product.price.source for product in offer.products if product.price} == {"made-up figure of the sample"}
