"""Each hand-over, held against the schema or the library of who receives it; hostile names stay text everywhere."""

import csv
import io
import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from prometheus_client.parser import text_string_to_metric_families

from netaudit.report.export import FORMATS, renderer
from netaudit.report.export.netbox_csv import COLUMNS
from netaudit.report.export.ocsf import SCHEMA
from netaudit.report.views import Report
from tests.report.sample import sample

# The field names of netbox/dcim/forms/bulk_import.py, version 4.7, as facts/reporting has them.
NETBOX = {
    "5-devices.csv": "name role tenant manufacturer device_type platform serial asset_tag status site location rack "
    "position face latitude longitude parent device_bay airflow virtual_chassis vc_position vc_priority cluster "
    "description config_template comments tags",
    "6-interfaces.csv": "device name label parent bridge lag type speed duplex enabled mark_connected wwn vdcs mtu "
    "mgmt_only description poe_mode poe_type mode vrf tx_power tags",
    "7-mac-addresses.csv": "mac_address device virtual_machine interface is_primary description comments tags",
}
SNIPE = frozenset(
    "asset tag,item name,model name,model number,manufacturer,category,serial number,status,location,company,supplier,"  # noqa: SIM905
    "order number,purchase order,purchase date,purchase cost,warranty months,notes,requestable,image,quantity".split(
        ","
    )
)


@pytest.fixture(scope="module")
def report() -> Report:
    return sample().report()


def files(report: Report, name: str) -> dict[str, str]:
    return {file: data.decode("utf-8") for file, data in renderer(name)(report).items()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_run_gives_the_same_bytes(report: Report, name: str) -> None:
    assert renderer(name)(report) == renderer(name)(report)


def test_netbox_gets_its_own_columns_and_nothing_is_named_before_it_is_there(report: Report) -> None:
    made = {name: rows(text) for name, text in files(report, "netbox-csv").items()}
    for name, known in NETBOX.items():
        assert set(COLUMNS[name]) <= set(known.split())
    devices = made["5-devices.csv"]
    assert len(devices) == len(report.units)
    assert len({row["name"].casefold() for row in devices}) == len(devices)
    assert {row["site"] for row in devices} == {row["name"] for row in made["1-sites.csv"]}
    assert {row["role"] for row in devices} == {row["name"] for row in made["4-device-roles.csv"]}
    types = {(row["manufacturer"], row["model"]) for row in made["3-device-types.csv"]}
    assert {(row["manufacturer"], row["device_type"]) for row in devices} == types
    assert all(len(row["name"]) <= 64 and len(row["description"]) <= 200 for row in devices)
    interfaces = {(row["device"], row["name"]) for row in made["6-interfaces.csv"]}
    assert {(row["device"], row["interface"]) for row in made["7-mac-addresses.csv"]} == interfaces
    for name in ("1-sites.csv", "2-manufacturers.csv", "4-device-roles.csv"):
        assert all(re.fullmatch(r"[-a-z0-9_]{1,100}", row["slug"]) for row in made[name])
        assert len({row["slug"] for row in made[name]}) == len(made[name])
    # A running NetBox refuses a whole file for one NUL or one half of a surrogate pair.
    assert not any(
        char == "\0" or "\ud800" <= char <= "\udfff" for row in devices for text in row.values() for char in text
    )


@pytest.mark.parametrize("name", ["netbox-csv", "snipeit-csv", "servicenow-csv"])
def test_no_cell_can_be_run_by_a_spreadsheet(report: Report, name: str) -> None:
    for text in files(report, name).values():
        assert not [c for row in csv.reader(io.StringIO(text)) for c in row if c.lstrip().startswith(tuple("=+-@\t\r"))]


def test_snipe_it_gets_the_words_of_its_field_map(report: Report) -> None:
    [text] = files(report, "snipeit-csv").values()
    head = text.splitlines()[0].split(",")
    assert set(head) - SNIPE == {"ip address", "mac address", "firmware"}
    tags = [row["asset tag"] for row in rows(text)]
    assert len(set(tags)) == len(tags) == len(report.units)


def test_servicenow_moments_are_utc_without_a_zone(report: Report) -> None:
    [text] = files(report, "servicenow-csv").values()
    assert all(re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?", row["last_discovered"]) for row in rows(text))


def test_every_ocsf_event_fits_the_published_schema(report: Report) -> None:
    [text] = files(report, "ocsf").values()
    schema: dict[str, Any] = OcsfJsonSchemaEmbedded(get_ocsf_schema(SCHEMA)).get_class_schema("inventory_info")
    validator = Draft202012Validator(schema)
    events = [json.loads(line) for line in text.splitlines()]
    assert len(events) == len(report.units)
    for event in events:
        assert [error.message for error in validator.iter_errors(event)] == []
    assert list(validator.iter_errors({**events[0], "class_uid": 1}))


def test_cyclonedx_fits_its_schema_strictly(report: Report) -> None:
    [text] = files(report, "cyclonedx").values()
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert fault is None, fault
    components = json.loads(text)["components"]
    assert {component["type"] for component in components} == {"device"}
    assert any(inner["type"] == "firmware" for each in components for inner in each.get("components", ()))


def test_prometheus_reads_every_sample(report: Report) -> None:
    [text] = files(report, "prometheus").values()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert set(families) == {"netaudit_units", "netaudit_addresses", "netaudit_run_ended_seconds"}
    assert sum(sample.value for sample in families["netaudit_units"].samples) == len(report.units)
    assert {s.labels["state"] for s in families["netaudit_addresses"].samples} == {"answered", "silent", "not_asked"}
