"""What is told of a pattern before it runs is true of every text: no match is lost by looking at shapes."""

import random
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.identify.field_table import TO_SHAPE, FieldTable
from netaudit.identify.hit import Hit
from netaudit.identify.knowledge import load_knowledge
from netaudit.identify.literal import trait_of
from netaudit.identify.signature import Need, Signature
from netaudit.identify.speaker import Speaker
from tests.identify.support import small

TEXTS = st.text(alphabet=st.sampled_from("0123456789DS-2CD aipcIPC()Login toV5._:é²½"), max_size=24)
PATTERNS = (
    r"^Login to (?P<serial>[0-9A-Z]{4,15})$", r"^DS-2CD\d{2}", r"^IP Camera\(\d+\)$", r"(?i)^(?:ipc|dvr)[-_]?\d{0,4}$",
    r"^V?5\.\d+", r"[2-8]M", r"(\d)\1", r"^(?!5)\w+$", r"[^5]{3}", r"[/-:]to", r"(?<=C)D(?=\d)", r"\bIPC\b|Login",
    r"(?>\d+)a", r"\w++-", r"[\W_]2",
)  # fmt: skip


@pytest.mark.parametrize("text", PATTERNS)
@given(value=TEXTS)
def test_traits_hold_for_every_text(text: str, value: str) -> None:
    pattern = re.compile(text)
    trait, match = trait_of(pattern), pattern.search(value)
    assert not match or trait.literal in value.casefold()
    if trait.blind:
        shape = pattern.search(value.translate(TO_SHAPE))
        assert (match and match.span()) == (shape and shape.span())


@pytest.mark.parametrize(
    ("text", "blind"),
    [(r"^\d+x", True), (r"[0-9A-F]{12}", True), (r"[^0-9]", True), (r"[1-9]", False), (r"V5", False), (r"[^5]", False),
     (r"(\d)\1", False), (r"(?:a|b\d)+?", True), (r"(?i)[/-:]", True), (r"(a)?(?(1)b|c)", False)],
)  # fmt: skip
def test_digits_are_alike_to_a_pattern_or_not(text: str, blind: bool) -> None:
    assert trait_of(re.compile(text)).blind is blind


@given(st.lists(TEXTS, max_size=20))
def test_a_table_finds_what_each_pattern_finds(values: list[str]) -> None:
    knowledge = small()
    rows = [row for row in knowledge.signatures.values() if (row.kind, row.field) == ("rtsp.response", "realm")]
    table = FieldTable(rows, "rtsp", knowledge)
    for value in [*values, "IP Camera(12345)", "Login to 1F006E4PAX00075", *values]:
        found = [hit.signature for hit, _ in table.look(value)]
        assert found == [row.id for row in rows if row.pattern.search(value)]


DIGIT = re.compile(r"[0-9]")


def test_values_of_one_shape_get_the_hits_that_each_gets_alone() -> None:
    knowledge, rng = load_knowledge(), random.Random(7)
    fields: dict[tuple[str, str], list[Signature]] = {}
    for row in knowledge.signatures.values():
        fields.setdefault((row.kind, row.field), []).append(row)
    for rows in fields.values():
        table = FieldTable(rows, "http", knowledge)
        for example in [text for row in rows for text in row.examples][:60]:
            for _ in range(4):
                value = DIGIT.sub(lambda _: rng.choice("0123456789"), example)
                alone = [
                    (Speaker(row, "http", knowledge).hit(match, value), row.needs)
                    for row in rows if (match := row.pattern.search(value))
                ]  # fmt: skip
                assert told(table.look(value)) == told(alone)


def told(found: Iterable[tuple[Hit, tuple[Need, ...]]]) -> list[tuple[object, ...]]:
    return [
        (hit.signature, [*hit.says.items()], hit.saw, hit.strength, hit.votes, hit.texts, needs) for hit, needs in found
    ]
