"""Makers, platforms, brands, affiliations, layers: every entry well-formed, every id known, every name unambiguous."""

import datetime
import re
from collections import defaultdict
from typing import Any

import pytest

from tests.contracts.signature_files import ids, plain, table

MAKERS = table("makers.toml", "maker")
PLATFORMS = table("platforms.toml", "platform")
BRANDS = table("brands.toml", "brand")
EDGES = table("affiliations.toml", "edge")
LAYERS = table("layers.toml", "layer")
MADE_BY = [(brand["id"], row) for brand in BRANDS for row in brand.get("made_by", [])]

RELATIONS = {"self", "subsidiary", "consumer_brand", "acquired", "oem_relabel", "odm_partial", "former_oem"}
SURE = {"high", "medium", "low"}
KNOWN_LAYERS = {
    "mac", "lldp", "dhcp", "sadp", "dhip", "vendor_search", "wsd", "upnp", "mdns", "snmp", "onvif", "isapi",
    "dahua_cgi", "http", "favicon", "rtsp", "tls", "banner", "ports", "factory", "recorder", "typed", "inventory",
    "name",
}  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9_]*")
_PARTIAL_DATE = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")


@pytest.mark.parametrize("entries", [MAKERS, PLATFORMS, BRANDS], ids=["makers", "platforms", "brands"])
def test_entries_have_unique_well_formed_ids_sources_and_a_date(entries: tuple[dict[str, Any], ...]) -> None:
    seen: set[str] = set()
    for entry in entries:
        assert _ID.fullmatch(entry["id"]), entry["id"]
        assert entry["id"] not in seen, entry["id"]
        seen.add(entry["id"])
        assert entry["name"].strip() == entry["name"] != ""
        assert entry["sources"], entry["id"]
        assert all(source.strip() for source in entry["sources"]), entry["id"]
        assert isinstance(entry["checked"], datetime.date), entry["id"]


def test_makers_name_a_country_code_a_known_parent_and_how_sure_we_are() -> None:
    known = ids("makers.toml", "maker")
    for maker in MAKERS:
        assert re.fullmatch(r"([A-Z]{2})?", maker["country"]), maker["id"]
        assert maker["parent"] in known | {""}, maker["id"]
        assert maker["confidence"] in SURE, maker["id"]
        assert maker["short"], maker["id"]


def test_no_maker_owns_itself_through_its_parents() -> None:
    parent = {maker["id"]: maker["parent"] for maker in MAKERS}
    for start in parent:
        chain, current = [start], parent[start]
        while current:
            assert current not in chain, chain
            chain.append(current)
            current = parent[current]


def test_platforms_belong_to_known_makers_and_kits_and_libraries_tell_none() -> None:
    known = ids("makers.toml", "maker")
    for platform in PLATFORMS:
        assert platform["maker"] in known | {""}, platform["id"]
        assert platform["kind"] in {"firmware", "chip kit", "library", "software"}, platform["id"]
        if platform["kind"] == "chip kit":
            assert platform["maker"] == "", platform["id"]
        if platform["kind"] in {"firmware", "software"}:
            assert platform["maker"], platform["id"]


def test_every_brand_is_made_by_known_makers() -> None:
    known = ids("makers.toml", "maker")
    for brand in BRANDS:
        assert brand["own_of"] in known | {""}, brand["id"]
    for brand_id, row in MADE_BY:
        assert row["maker"] in known, brand_id
        assert row["relation"] in RELATIONS, brand_id
        assert row["confidence"] in SURE, brand_id
        assert row["sources"], brand_id
        assert row["scope"], brand_id


def test_a_brand_that_is_a_makers_own_is_built_by_that_maker_or_its_parent() -> None:
    for brand in BRANDS:
        if brand["own_of"]:
            makers = {row["maker"] for row in brand["made_by"]}
            assert brand["own_of"] in makers, brand["id"]


def test_the_whole_list_of_relabels_is_there() -> None:
    assert len(MADE_BY) >= 312
    per_maker: defaultdict[str, set[str]] = defaultdict(set)
    for brand_id, row in MADE_BY:
        per_maker[row["maker"]].add(brand_id)
    # Distinct labels; a label with several ranges counts once.
    assert len(per_maker["xiongmai"]) >= 95
    assert len(per_maker["hikvision"]) >= 65
    assert len(per_maker["tvt"]) >= 40
    assert len(per_maker["dahua"]) >= 35


@pytest.mark.parametrize(
    ("brand", "maker"),
    [
        ("amcrest", "dahua"), ("lorex", "dahua"), ("annke", "hikvision"), ("lts", "hikvision"), ("alibi", "uniview"),
        ("provision_isr", "tvt"), ("night_owl", "raysharp"), ("escam", "xiongmai"), ("ezviz", "hikvision"),
        ("honeywell", "dahua"), ("advidia", "uniview"), ("swann", "reolink"), ("agm", "hikmicro"),
    ],
)  # fmt: skip
def test_well_known_relabels_name_their_maker(brand: str, maker: str) -> None:
    assert maker in {row["maker"] for brand_id, row in MADE_BY if brand_id == brand}


def test_a_name_or_alias_means_one_maker_and_one_brand() -> None:
    for entries in (MAKERS, BRANDS):
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            for name in (entry["id"], entry["name"], entry.get("short", ""), *entry["aliases"]):
                if plain(name):
                    owners[plain(name)].add(entry["id"])
        assert {name: who for name, who in owners.items() if len(who) > 1} == {}


def test_a_text_that_names_a_brand_and_a_maker_names_the_makers_own_brand() -> None:
    makers = {plain(n): m for m in MAKERS for n in (m["id"], m["name"], m["short"], *m["aliases"]) if plain(n)}
    for brand in BRANDS:
        for name in (brand["id"], brand["name"], *brand["aliases"]):
            if maker := makers.get(plain(name)):
                assert brand["own_of"] in {maker["id"], maker["parent"]}, (brand["id"], name)


@pytest.mark.parametrize("word", ["General", "Private", "NONE", "IPC", "ONVIF", "IP Camera", "H264", "Unknown", "N/A"])
def test_placeholder_words_are_no_names(word: str) -> None:
    for entry in (*MAKERS, *BRANDS):
        names = {plain(name) for name in (entry["id"], entry["name"], *entry["aliases"])}
        assert plain(word) not in names, entry["id"]


def test_edges_link_known_makers_or_brands_in_time() -> None:
    known = ids("makers.toml", "maker") | ids("brands.toml", "brand")
    for edge in EDGES:
        assert {edge["from"], edge["to"]} <= known, edge
        assert edge["from"] != edge["to"]
        assert edge["kind"] in {"subsidiary", "affiliate", "former_affiliate", "supplier"}, edge
        for key in ("since", "until"):
            assert _PARTIAL_DATE.fullmatch(edge[key]), edge
        assert not (edge["since"] and edge["until"]) or edge["since"][:4] <= edge["until"][:4], edge
        assert edge["kind"] != "former_affiliate" or edge["until"] or edge["confidence"] == "low", edge
        assert edge["confidence"] in SURE
        assert edge["sources"], edge


@pytest.mark.parametrize(
    ("brand", "to", "until"),
    [("lorex", "dahua", "2023-02"), ("luminys", "dahua", "2024-01"), ("honeywell", "dahua", "2022-04")],
)
def test_endings_that_reports_turn_on_are_dated(brand: str, to: str, until: str) -> None:
    assert until in {edge["until"] for edge in EDGES if (edge["from"], edge["to"]) == (brand, to)}


def test_each_kind_and_field_belongs_to_one_known_layer() -> None:
    keys = [(row["kind"], row.get("field", "")) for row in LAYERS]
    assert len(keys) == len(set(keys))
    assert {row["layer"] for row in LAYERS} <= KNOWN_LAYERS
    kinds = {kind for kind, field in keys if not field}
    assert {kind for kind, field in keys if field} <= kinds | {"recorder.channel"}
