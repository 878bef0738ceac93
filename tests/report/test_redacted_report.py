"""The report for wider sharing: nothing that identifies a unit is left, verdicts and counts stay."""

from netaudit.report import csv, findings_csv, html, json, markdown, xlsx
from netaudit.report.redact import Cutter, key_of, redact
from netaudit.report.views import Report
from tests.report.sample import sample

KEY = key_of(b"a log")


def _secrets(report: Report) -> set[str]:
    found: set[str] = {report.scope.authorisation.authorised_by, report.run.sensor}
    for card in report.cards:
        device = card.device
        found |= {*device.addresses, *device.macs, *device.names, device.device, card.place.switch}
        found |= {device.serial.value or ""}
    return {text for text in found if len(text) > 3}


def test_no_format_holds_what_identifies_a_unit() -> None:
    whole = sample(hostile=False).report()
    shown = redact(whole, KEY)
    secrets = _secrets(whole)
    assert len(secrets) > 200
    for write in (html.render, csv.render, json.render, markdown.render, findings_csv.render):
        text = write(shown).decode()
        assert [secret for secret in secrets if secret in text] == []
    assert len(xlsx.render(shown)) > 10_000


def test_verdicts_counts_and_sites_stay() -> None:
    whole = sample(hostile=False).report()
    shown = redact(whole, KEY)
    assert shown.answer == whole.answer
    assert [card.status for card in shown.cards] == [card.status for card in whole.cards]
    assert [card.device.maker.value for card in shown.cards] == [card.device.maker.value for card in whole.cards]
    numbers = [sorted(row.card.no for row in phase.rows if row.card) for phase in whole.phases]
    assert [sorted(row.card.no for row in phase.rows if row.card) for phase in shown.phases] == numbers
    assert {site.site for site in shown.sites} == {site.site for site in whole.sites}


def test_pseudonyms_need_the_whole_log() -> None:
    one, other = Cutter(KEY), Cutter(key_of(b"another log"))
    assert one.name("d-0123456789ab") == one.name("d-0123456789ab") != other.name("d-0123456789ab")


def test_addresses_in_sentences_are_cut_out() -> None:
    text = "10.20.0.1/24 and fe80::1 of 3c:ef:8c:00:01:02 (d-0123456789ab), version 2.800.0000000.30, at 08:05:00"
    shown = Cutter(KEY).text(text)
    assert "10.20" not in shown
    assert "3c:ef" not in shown
    assert "fe80" not in shown
    assert "d-0123456789ab" not in shown
    assert shown.endswith("version 2.800.0000000.30, at 08:05:00")
