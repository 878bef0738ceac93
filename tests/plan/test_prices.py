"""Price files and catalogues: read with a mapping, refused with a reason; products screened by the same policies."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netaudit.errors import DataError
from netaudit.identify.words import plain
from netaudit.plan.camera_database import read_camera_database
from netaudit.plan.candidates import Rules, fitting, screen
from netaudit.plan.price_file import parse_prices
from netaudit.plan.products import Offer, Price, Product, merged
from netaudit.plan.project import PriceSource
from tests.policy.cases import MAKERS, device, owner, policies, world

HOW = PriceSource("prices.csv", "csv", "EUR", "2026-11-01", "quote 12", ".", {})
HEAD = "model,maker,price,type,form_factor,megapixels,outdoor\n"


def read(text: str | bytes, **change: object) -> Offer:
    raw = text.encode() if isinstance(text, str) else text
    return parse_prices(raw, Path("prices.csv"), replace(HOW, **change))  # type: ignore[arg-type]


def test_a_row_is_a_product_with_its_price_day_and_source() -> None:
    (product,) = read(HEAD + "P3265-LVE,Axis,649.90,camera,dome,2,yes\n").products
    assert product.price == Price(64990, 64990, "EUR", "2026-11-01", "quote 12")
    assert product.traits == {"type": "camera", "form_factor": "dome", "megapixels": "2", "outdoor": "yes"}
    assert product.where == "prices.csv:2"


def test_a_file_of_another_country_with_its_own_headings() -> None:
    text = "\ufeffArtikel;Hersteller;von;bis;W\nM1;Axis;1.200,00;1.499,50;12,9\n"
    columns = {"model": "Artikel", "maker": "Hersteller", "price_low": "von", "price_high": "bis", "watts": "W"}
    (product,) = read(text, decimal=",", columns=columns).products
    assert product.price is not None
    assert (product.price.low, product.price.high, product.watts) == (120000, 149950, 129)


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        (HEAD + "M,Axis,5,,,,\n", {"currency": ""}, "says no currency .*a price without a currency is no price"),
        ("model,price\nM,5\n", {}, "has no column for maker"),
        ("model,maker\nM,Axis\n", {}, "has no column for a price"),
        ("model,model,maker,price\na,b,c,1\n", {}, "two columns of one name"),
        (HEAD + "M,Axis,5,,,,\n", {"columns": {"model": "Artikel"}}, "has no column 'Artikel'"),
        (HEAD + "M,Axis,5,,,,\n", {"columns": {"modell": "model"}}, "unknown name 'modell'"),
        (b"model,maker\n\xff\xfe", {}, "prices.csv:2: is not UTF-8"),
        ("{}", {"format": "json"}, "is no list of objects"),
        ("[" * 100_000, {"format": "json"}, "is not JSON"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    text: str, change: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read(text, **change)


def test_a_row_that_cannot_be_used_is_named_and_the_others_are_kept() -> None:
    text = "model,maker,price,currency,date\nA,Axis,5,EUR,2026-01-01\nB,Axis,free,EUR,2026-01-01\nC,Axis,5,Euro,2026-01-01\nD,Axis,5,EUR,soon\n,Axis,5,EUR,2026-01-01\nE,Axis,=5,EUR,2026-01-01\nF,Axis,-5,EUR,2026-01-01\n"  # noqa: E501
    offer = read(text)
    assert [product.model for product in offer.products] == ["A"]
    told = {refusal.where.split(":")[1]: refusal.why for refusal in offer.refused}
    assert "no number" in told["3"]
    assert "not three capitals" in told["4"]
    assert "no day" in told["5"]
    assert "no model" in told["6"]
    assert "no number" in told["7"]
    assert "runs from" in told["8"]


def test_json_with_prices() -> None:
    rows = [{"model": "M", "maker": "Axis", "price": 12.5, "outdoor": True, "extra": {"a": 1}}]
    (product,) = read(json.dumps(rows), format="json").products
    assert product.price is not None
    assert product.price.high == 1250
    assert product.traits == {"outdoor": "yes"}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_file_or_an_error(raw: bytes) -> None:
    for kind in ("csv", "json"):
        try:
            read(raw, format=kind)
        except DataError:
            continue


def camera_file(folder: Path, name: str, **more: object) -> None:
    entry = {
        "brand": "Axis", "model": name, "type": "turret", "ndaa_compliant": True,
        "resolution": {"megapixels": 5}, "lens": {"focal_length_mm": "2.7-12mm"}, "night_vision": {"range_m": 28},
        "audio": {"microphone": True}, "protocols": ["rtsp", "onvif"], "power_source": ["poe", "dc"],
        "power": {"method": "PoE IEEE 802.3at; DC Max 10W, PoE Max 14W"}, "environment": ["outdoor", "indoor"],
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(entry | more), encoding="utf-8")


def test_the_open_camera_database_is_a_catalogue_without_prices(tmp_path: Path) -> None:
    camera_file(tmp_path, "T5")
    camera_file(tmp_path, "X", brand=None)
    offer = read_camera_database(tmp_path)
    (product,) = offer.products
    assert product.price is None
    assert product.watts == 140
    assert {name: product.traits[name] for name in ("form_factor", "megapixels", "ir", "outdoor", "poe", "onvif")} == {
        "form_factor": "turret", "megapixels": "5", "ir": "yes", "outdoor": "yes", "poe": "yes", "onvif": "yes",
    }  # fmt: skip
    assert [refusal.why for refusal in offer.refused] == ["has no brand or no model"]
    price = read("model,maker,price\nt5,AXIS,99\n")
    (both,) = merged([offer, price]).products
    assert both.price is not None
    assert both.traits["form_factor"] == "turret"


RULES = Rules(
    list(policies().values()),
    owner('[owner]\njurisdictions = ["US"]\nus_prime_contractor = "yes"\npurpose_of_use = "public_safety"\n'),
    world(), {plain(maker.short): maker.id for maker in MAKERS}, {}, date(2026, 11, 23),
)  # fmt: skip


def test_products_are_held_against_the_same_policies() -> None:
    offer = Offer(tuple(Product("M", name, {"type": "camera"}, where="p:1") for name in ("Axis", "Hikmicro", "Nobody")))
    screened = screen(offer, RULES)
    assert [product.maker for product in screened.products] == ["Axis"]
    told = {refusal.where.split()[0]: refusal.why for refusal in screened.refused}
    assert "belongs or belonged to Hangzhou Hikvision" in told["Hikmicro"]
    assert "no word list" in told["Nobody"]


def product(price: int | None = 100, **traits: str) -> Product:
    cost = None if price is None else Price(price, price, "EUR", "2026-01-01", "s")
    return Product(f"M{price}", "Axis", {"type": "camera"} | traits, price=cost)


def test_a_product_must_do_at_least_what_the_unit_does() -> None:
    old = {"form_factor": "dome", "megapixels": "4", "outdoor": "yes", "onvif": "S, T"}
    good = product(200, form_factor="dome", megapixels="5", outdoor="yes", onvif="S, T, G")
    others = [
        product(form_factor="bullet", megapixels="5", outdoor="yes"),
        product(form_factor="dome", megapixels="2", outdoor="yes"),
        product(form_factor="dome", megapixels="4"),
        product(form_factor="dome", megapixels="4", outdoor="yes", onvif="S"),
        product(type="recorder"),
    ]
    assert fitting(device(), old, [*others, good]) == (good,)
    assert fitting(device(kind="unknown"), {}, [good]) == ()


def test_the_cheapest_comes_first_and_one_without_a_price_last() -> None:
    offer = Offer((product(None), product(300), product(200)))
    assert [item.model for item in screen(offer, RULES).products] == ["M200", "M300", "MNone"]
