"""Every data format has a published JSON Schema: sound, in step with the code's words, and true of shipped data."""

from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from netaudit.cli.corrections import to_bytes
from netaudit.data import data_folder
from netaudit.demo.load import OWNER
from netaudit.evidence.line import from_line
from netaudit.evidence.observation import observe, to_dict
from netaudit.evidence.run import RunStatus
from netaudit.identify import device as device_words
from netaudit.identify.signature import SAYS, STRENGTHS
from netaudit.policy import finding as finding_words
from netaudit.policy import model as policy_words
from netaudit.registry.formats import TABLES
from netaudit.workshop.lint import EVIDENCE, SIGNATURE_KEYS
from tests.contracts.schemas import FOLDER, faults, schemas, toml

DATA = data_folder("signatures")
AT = "2026-11-23T09:00:00.000Z"
FILES = [
    *(("signatures", path) for path in sorted(DATA.glob("fingerprints/*.toml"))),
    *(("models", path) for path in sorted(DATA.glob("models/*.toml"))),
    *(("policy", path) for path in sorted(DATA.glob("policies/*.toml"))),
    *((name, DATA / f"{name}.toml") for name in ("makers", "platforms", "brands", "affiliations", "layers")),
    ("owner_facts", DATA / "owner_facts.toml"),
    ("owner", OWNER),
    ("registries", data_folder("oui_data") / "registries.toml"),
]  # fmt: skip


@pytest.mark.parametrize("name", schemas())
def test_each_schema_is_sound_and_explains_itself(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:netaudit:schema:1:{name}"
    assert schema["title"]
    assert schema["description"]


def test_the_formats_page_lists_every_schema() -> None:
    page = (FOLDER.parent / "formats.md").read_text(encoding="utf-8")
    assert [name for name in schemas() if f"(schemas/{name}.json)" not in page] == []


@pytest.mark.parametrize(("name", "path"), FILES, ids=lambda item: item.name if isinstance(item, Path) else item)
def test_shipped_data_fits(name: str, path: Path) -> None:
    assert faults(name, toml(path)) == []


def words(name: str, *way: str) -> set[Any]:
    node: Any = schemas()[name]
    for step in way:
        node = node[step]
    return set(node["enum"])


def test_the_words_are_those_of_the_code() -> None:
    entry = ("properties", "signature", "items", "properties")
    assert words("signatures", *entry, "strength") == STRENGTHS == set(get_args(device_words.Strength))
    assert words("signatures", *entry, "evidence") == set(EVIDENCE)
    signature = schemas()["signatures"]["properties"]["signature"]["items"]["properties"]
    assert set(signature) == SIGNATURE_KEYS
    assert set(signature["says"]["properties"]) == SAYS
    assert words("device", "properties", "type", "properties", "value") == {*device_words.DEVICE_TYPES, None}
    assert words("device", "properties", "maker", "properties", "grade") == set(get_args(device_words.Grade))
    assert words("finding", "properties", "status") == set(finding_words.STATUS_ORDER)
    assert words("finding", "properties", "remedy") == {"", *policy_words.REMEDIES} - {"none"}
    assert words("policy", "properties", "remedy") == set(policy_words.REMEDIES)
    assert words("policy", "properties", "kind") == set(policy_words.KINDS)
    assert words("policy", "properties", "status", "properties", "word") == set(policy_words.STATUS_WORDS)
    assert words("policy", "properties", "test", "properties", "kind") == set(policy_words.TESTS)
    assert words("policy", "properties", "affiliates", "properties", "counted") == set(policy_words.COUNTED)
    assert words("run", "properties", "status") == set(get_args(RunStatus))
    assert words("registries", "properties", "registry", "items", "properties", "table") == set(TABLES)


def test_a_typed_statement_fits_and_needs_a_name() -> None:
    fields: dict[str, str | tuple[str, ...]] = {"by": "A. Person", "maker": "axis", "of_mac": ("44:19:b6:01:02:03",)}
    good = observe("typed.statement", AT, {"ip": "192.0.2.7"}, origin="typed", fields=fields)
    assert faults("observation", to_dict(from_line(to_bytes([good]).strip()))) == []
    nameless = observe("typed.statement", AT, {}, origin="typed", fields={"maker": "axis"})
    assert faults("observation", to_dict(nameless))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("observation", {"v": 2, "kind": "link.mac", "at": AT}),
        ("observation", {"v": 1, "kind": "link.mac", "at": AT, "fields": {"mac": 7}}),
        ("observation", {"v": 1, "kind": "banner", "at": AT, "raw": "x", "raw_b64": "eA=="}),
        ("attempt", {"probe": "x", "target": "y", "status": "perhaps"}),
        ("run", {"run": "x", "version": "1", "started": AT, "packets": -1}),
        ("scope", {"network": [{"cidr": "10.0.0.0/24"}]}),
        ("registries", {"shipped": "2026-10-01", "registry": [{"name": "x", "table": "mal.csv", "url": "http://x"}]}),
        ("makers", {"maker": [{"id": "Axis", "name": "Axis", "sources": ["x"], "checked": "2026-11-23"}]}),
        ("owner", {"exclusion": [{"reason": "x", "by": "y", "expires": "2027-01-01"}]}),
    ],
)
def test_what_the_readers_refuse_the_schemas_refuse(name: str, value: dict[str, Any]) -> None:
    assert faults(name, value)
