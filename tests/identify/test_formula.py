"""The formula's promises: what one clue, two layers, agreement and contradiction are worth."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.identify.device import Strength
from netaudit.identify.fuse import CEILING, NAMES, fuse, grade
from netaudit.identify.hit import Vote

STRENGTHS: tuple[Strength, ...] = ("weak", "moderate", "strong", "proof")
VOTES = st.lists(
    st.builds(
        Vote, st.just("maker"), st.sampled_from("abc"), st.sampled_from(["x", "y", NAMES]), st.sampled_from(STRENGTHS)
    ),
    max_size=12,
)


def votes(*pairs: tuple[str, Strength]) -> list[Vote]:
    return [Vote("maker", value, f"layer{number}", strength) for number, (value, strength) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [
        (("proof",), "confirmed"),
        (("strong", "strong"), "confirmed"),
        (("strong", "moderate"), "confirmed"),
        (("strong",), "probable"),
        (("moderate", "moderate"), "probable"),
        (("strong", "weak"), "probable"),
        (("moderate",), "possible"),
        (("weak",), "unknown"),
        (("weak", "weak"), "unknown"),
    ],
)
def test_grades_of_clues_from_different_layers(strengths: tuple[Strength, ...], expected: str) -> None:
    assert grade(fuse("maker", votes(*(("a", strength) for strength in strengths)))) == expected


def test_confidence_is_a_probability_computed_by_hand() -> None:
    [a, b] = fuse("maker", votes(("a", "strong"), ("b", "moderate")))
    odds_a, odds_b = 0.02 * 1500, 0.02 * 60
    assert a.confidence == pytest.approx(odds_a / (1 + odds_a + odds_b))
    assert b.confidence == pytest.approx(odds_b / (1 + odds_a + odds_b))


def test_equal_layers_against_each_other_decide_nothing_and_a_proof_survives_one() -> None:
    assert grade(fuse("maker", votes(("a", "strong"), ("b", "strong")))) == "unknown"
    assert grade(fuse("maker", votes(("a", "proof"), ("b", "strong")))) == "probable"
    assert grade(fuse("maker", votes(("a", "proof"), ("b", "proof")))) == "unknown"


def test_a_contradicted_maker_is_not_confirmed_without_proof() -> None:
    opposed = votes(("a", "strong"), ("a", "strong"), ("b", "strong"), ("c", "strong"))
    assert grade(fuse("maker", opposed)) == "probable"
    proven = votes(("a", "proof"), ("a", "strong"), ("b", "strong"))
    assert grade(fuse("maker", proven)) == "confirmed"


@given(VOTES)
def test_probabilities_sum_to_at_most_one_and_never_reach_it(clues: list[Vote]) -> None:
    ranked = fuse("maker", clues)
    assert sum(item.confidence for item in ranked) <= 1
    assert all(0 < item.confidence <= CEILING for item in ranked)
    assert list(ranked) == sorted(ranked, key=lambda item: (-item.confidence, item.value))


@given(VOTES, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(clues: list[Vote], random: object) -> None:
    shuffled = clues + clues[::2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fuse("maker", shuffled) == fuse("maker", clues)


@given(VOTES, st.sampled_from(STRENGTHS))
def test_one_more_layer_for_a_value_never_makes_it_less_likely(clues: list[Vote], strength: Strength) -> None:
    def of_a(items: list[Vote]) -> float:
        return next((item.confidence for item in fuse("maker", items) if item.value == "a"), 0.0)

    assert of_a([*clues, Vote("maker", "a", "new", strength)]) >= of_a(clues) or of_a(clues) < 0.02


def test_stronger_clues_are_worth_more() -> None:
    for low, high in product(range(4), repeat=2):
        if low < high:
            weak, strong = (fuse("maker", votes(("a", STRENGTHS[i])))[0].confidence for i in (low, high))
            assert weak < strong


def test_a_typed_name_counts_alone_but_beside_other_clues_it_is_a_hint() -> None:
    def confidence(*clues: Vote) -> float:
        return fuse("maker", clues)[0].confidence

    name = Vote("maker", "a", NAMES, "moderate")
    page = Vote("maker", "a", "http", "moderate")
    assert confidence(name) == confidence(page)
    assert confidence(name, page) == confidence(page, Vote("maker", "a", "mdns", "weak")) < 0.9
    assert confidence(name, Vote("maker", "a", "http", "weak")) == confidence(name)


def test_a_typed_name_confirms_no_maker_and_stands_against_none() -> None:
    mac, name = Vote("maker", "a", "mac", "strong"), Vote("maker", "a", NAMES, "strong")
    other = Vote("maker", "b", NAMES, "strong")
    assert grade(fuse("maker", [mac, name])) == "probable"
    assert grade(fuse("maker", [mac, Vote("maker", "a", "http", "strong"), other])) == "confirmed"
