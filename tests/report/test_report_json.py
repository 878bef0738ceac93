"""The report for machines: versioned, complete, harmless to print."""

import json as plain

from netaudit.report import json
from tests.report.sample import sample
from tests.report.sample_devices import HOSTILE


def test_it_says_its_version_and_holds_every_device() -> None:
    data = plain.loads(json.render(sample().report()))
    assert (data["schema"], data["schema_version"]) == ("netaudit.report", 1)
    assert len(data["devices"]) == 60
    assert data["answer"]["units"] == 48
    assert sum(row["units"] for row in data["answer"]["matrix"]) == 48


def test_devices_and_findings_are_whole() -> None:
    given = sample()
    data = plain.loads(json.render(given.report()))
    written = {device["device"]: device for device in data["devices"]}
    for device in given.devices:
        expected = plain.loads(plain.dumps(device.to_dict()))
        assert expected.items() <= {**written[device.device], "site": device.site}.items()
    assert sum(len(device["findings"]) for device in data["devices"]) == len(given.findings)
    assert data["plan"] == plain.loads(plain.dumps(given.plan.to_dict()))


def test_hostile_texts_come_back_unchanged_and_print_as_plain_letters() -> None:
    raw = json.render(sample().report())
    models = {device["model"]["value"] for device in plain.loads(raw)["devices"]}
    assert set(HOSTILE) <= models
    assert raw.rstrip(b"\n").decode("ascii").isprintable()
