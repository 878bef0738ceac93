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


def test_every_device_finding_and_observation_is_named() -> None:
    given = sample()
    data = plain.loads(json.render(given.report()))
    written = {device["device"]: device for device in data["devices"]}
    named = 0
    for device in given.devices:
        one = written[device.device]
        assert one["model"] == device.model.to_dict()
        assert {item["observation"] for item in one["evidence"]} == {item.observation for item in device.reasons}
        named += len(one["findings"]) + sum(len(ids) for ids in one["other_policies"].values())
    assert named == len(given.findings)
    assert data["plan"] == plain.loads(plain.dumps(given.plan.to_dict()))


def test_hostile_texts_come_back_unchanged_and_print_as_plain_letters() -> None:
    raw = json.render(sample().report())
    models = {device["model"]["value"] for device in plain.loads(raw)["devices"]}
    assert set(HOSTILE) <= models
    assert raw.rstrip(b"\n").decode("ascii").isprintable()
