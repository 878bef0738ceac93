"""What holds for every format: its description is whole, and no bytes break it, whoever wrote them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netaudit.intake.head import Head
from netaudit.intake.model import Told
from netaudit.intake.place import Placer
from netaudit.intake.registry import all_formats, ranking
from tests.intake.support import RECORDED, source_of

SEEDS = [path.read_bytes() for path in sorted(RECORDED.glob("*.txt"))]


@pytest.mark.parametrize("name", sorted(all_formats()))
def test_it_says_what_it_is_and_how_to_make_a_file(name: str) -> None:
    found = all_formats()[name]
    assert name == found.name
    assert found.title
    assert found.made_by
    assert found.gives


def test_an_empty_file_is_in_no_format() -> None:
    assert list(ranking(Head(b""))) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(
    name=st.sampled_from(sorted(all_formats())), start=st.sampled_from([b"", *SEEDS]), data=st.binary(max_size=300),
    at=st.integers(0, 900),
)  # fmt: skip
def test_no_bytes_break_a_format_nor_what_is_made_of_them(
    tmp_path: Path, name: str, start: bytes, data: bytes, at: int
) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(start[:at] + data + start[at:])
    source, placer = source_of(path), Placer(None)
    assert isinstance(ranking(Head(path.read_bytes())), list)
    for item in all_formats()[name].read(source):
        if isinstance(item, Told):
            placer.place(item, source, name)
