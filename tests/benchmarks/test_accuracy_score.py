"""The accuracy benchmark counts rightly."""

from dataclasses import replace
from xml.etree.ElementTree import Element

import defusedxml.ElementTree

from benchmarks.accuracy import calibration, run, score, tables
from benchmarks.accuracy.labelled import Truth
from benchmarks.accuracy.peers.names import Names
from benchmarks.accuracy.score import Rate, Said
from netaudit.identify.knowledge import load_knowledge

UNIT = Truth("u", "dahua", "amcrest", True, "camera", ("rtsp",), ("rtsp",), "recorded", "train", "a thread")
PRINTER = replace(UNIT, subject="p", maker="hp", brand="", relabelled=None, type="printer", tells=(), brand_tells=())
RIGHT = Said("dahua", "amcrest", "camera", True, "confirmed", {"maker": 0.999, "brand": 0.98, "type": 0.9})
WRONG = Said("hikvision", None, "camera", None, "probable", {"maker": 0.91, "brand": 0.0, "type": 0.9})
SILENT = Said(confidence={"maker": 0.0, "brand": 0.0, "type": 0.0})


def test_precision_counts_answers_given() -> None:
    pairs = [(UNIT, RIGHT), (UNIT, WRONG), (UNIT, SILENT), (replace(UNIT, maker=""), WRONG)]
    assert score.precision(pairs, "maker") == Rate(1, 2)
    assert score.precision([(UNIT, Said(type="unknown"))], "type") == Rate(0, 0)


def test_recall_counts_video_equipment_that_was_heard() -> None:
    unheard = replace(UNIT, tells=())
    assert score.maker_recall([(UNIT, RIGHT), (UNIT, SILENT), (unheard, SILENT), (PRINTER, SILENT)]) == Rate(1, 2)


def test_relabelled_needs_the_right_maker() -> None:
    half = replace(RIGHT, maker="hikvision")
    assert score.relabel_recall([(UNIT, RIGHT), (UNIT, half)]) == Rate(1, 2)
    own = replace(UNIT, relabelled=False)
    assert score.relabel_precision([(UNIT, RIGHT), (own, RIGHT), (replace(UNIT, relabelled=None), RIGHT)]) == Rate(1, 2)


def test_accusation_is_a_firm_covered_maker_on_another_device() -> None:
    assert score.accusations([(PRINTER, WRONG), (UNIT, WRONG), (UNIT, RIGHT)]) == ((PRINTER, WRONG), (UNIT, WRONG))
    assert score.accusations([(PRINTER, replace(WRONG, grade="possible"))]) == ()
    assert score.accusations([(PRINTER, replace(WRONG, maker="axis"))]) == ()


def test_confirmed_precision_looks_at_confirmed_only() -> None:
    assert score.confirmed_precision([(UNIT, RIGHT), (UNIT, WRONG)]) == Rate(1, 1)


def test_calibration_error_of_true_confidence_is_zero() -> None:
    assert calibration.expected_error([(0.5, True), (0.5, False)]) == 0.0
    assert abs(calibration.expected_error([(1.0, False)] * 4) - 1.0) < 1e-9
    assert calibration.expected_error([]) == 0.0


def test_bins_hold_every_claim_once() -> None:
    claims = [(0.5, True), (0.59, False), (0.909, True), (0.999, True), (1.0, True)]
    assert [b.count for b in calibration.bins(claims)] == [2, 1, 2]
    assert calibration.bins(claims)[0].right == 0.5


def test_claims_leave_out_what_nobody_knows() -> None:
    assert calibration.claims([(UNIT, RIGHT), (UNIT, SILENT)]) == ((0.999, True), (0.98, True), (0.9, True))
    assert calibration.claims([(replace(UNIT, brand="", type=""), WRONG)]) == ((0.91, False),)


def test_the_diagram_is_well_formed() -> None:
    root: Element = defusedxml.ElementTree.fromstring(calibration.diagram([(0.9, True), (0.6, False)], "title"))
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 2


def test_a_rate_without_cases_has_no_value() -> None:
    assert Rate(0, 0).value is None
    assert str(Rate(1, 2)) == "50.0 % (1/2)"


def test_tables_keep_their_columns() -> None:
    assert tables.table(("a", "b"), [("x|y", 1)]).splitlines()[2] == "| x/y | 1 |"
    assert "maker dahua | hikvision (probable)" in tables.misses([(UNIT, WRONG)])
    assert tables.misses([(UNIT, RIGHT)]) == "None.\n"


def test_writing_keeps_the_prose(tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "accuracy.md"
    page.write_text(f"prose\n\n{run.BEGIN}\nold\n", encoding="utf-8")
    run.write(page, "new\n\n")
    assert page.read_text(encoding="utf-8") == f"prose\n\n{run.BEGIN}\nnew\n"


def test_a_peer_is_given_the_right_name_among_several() -> None:
    names = Names(load_knowledge())
    assert names.said("Apache httpd for Axis and Dahua", UNIT).maker == "dahua"
    assert names.said("nginx 1.18", UNIT).maker is None
    assert names.said("coaxial", replace(UNIT, maker="axis")).maker is None
