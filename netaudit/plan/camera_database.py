"""Reads the open camera database (ch-bas/cctv-camera-database, CC0): one JSON object a camera, no prices of any dealer.

Source of the field names: that repository's camera files (type, resolution.megapixels, lens, night_vision, power,
environment, protocols, audio). What it says about rules ("ndaa_compliant") is not read: every product is screened here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.plan.products import Offer, Product, Refusal
from netaudit.plan.project import WATT

_MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_FILES: Final = 50_000
_WATTS: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*W\b")
_FILE: Final = "file"
_CAMERA: Final = "camera"
_CHANNELS: Final = ("recorder", "nvr", "dvr")
_FORMS: Final = {"eyeball": "turret", "bullet": "bullet", "dome": "dome", "turret": "turret", "ptz": "ptz",
                 "fisheye": "fisheye", "box": "box", "cube": "cube", "panoramic": "panoramic",
                 "multi-sensor": "multisensor", "multisensor": "multisensor", "thermal": "thermal"}  # fmt: skip


def read_camera_database(path: Path) -> Offer:
    """Read a checkout's folder of camera files, one JSON file with a list of cameras, or what `gathered` made."""
    products: list[Product] = []
    refused: list[Refusal] = []
    for where, entry in _entries(path):
        product = _product(entry, where) if isinstance(entry, dict) else "is no JSON object of a camera"
        if isinstance(product, Product):
            products.append(product)
        else:
            refused.append(Refusal(where, product))
    if not products:
        raise DataError(str(path), "holds no camera", "a folder of camera files, or a JSON list of cameras")
    return Offer(tuple(products), tuple(refused))


def gathered(path: Path) -> bytes:
    """Return a checkout's folder as one JSON file, which reads the same. Raises DataError."""
    rows = [{_FILE: name, _CAMERA: _json(file)} for name, file in _files(path)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    for number, file in enumerate(sorted(path.rglob("*.json"))):
        if number >= _MAX_FILES:
            raise DataError(str(path), f"holds more than {_MAX_FILES} files", "the database's cameras/ folder")
        yield file.relative_to(path).as_posix(), file


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    if path.is_dir():
        for name, file in _files(path):
            yield f"{path}/{name}", _json(file)
        return
    data = _json(path)
    rows = data.get("cameras", data) if isinstance(data, dict) else data
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if isinstance(row, dict) and row.keys() == {_FILE, _CAMERA}:
            yield f"{path}/{row[_FILE]}", row[_CAMERA]
        else:
            yield f"{path}:{number}", row


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DataError(str(path), "is too long", f"at most {_MAX_BYTES} bytes")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "the camera database") from error
    except (ValueError, RecursionError) as error:
        raise DataError(str(path), f"is not JSON: {error}", "the camera database") from error


def _product(entry: Mapping[str, Any], where: str) -> Product | str:
    brand, model = _word(entry.get("brand")), _word(entry.get("model"))
    if not brand or not model:
        return "has no brand or no model"
    traits = {name: value for name, value in _traits(entry).items() if value}
    return Product(model, brand, traits, _watts(_of(entry, "power").get("method")), None, where)


def _traits(entry: Mapping[str, Any]) -> dict[str, str]:
    kind = _word(entry.get("type")).casefold()
    night, lens, audio = _of(entry, "night_vision"), _of(entry, "lens"), _of(entry, "audio")
    megapixels = _of(entry, "resolution").get("megapixels")
    places, power, spoken = (_words(entry.get(name)) for name in ("environment", "power_source", "protocols"))
    return {
        "type": "recorder" if kind in _CHANNELS else "intercom" if "doorbell" in kind else "camera",
        "form_factor": _FORMS.get(kind, ""),
        "megapixels": str(megapixels) if isinstance(megapixels, int | float) else "",
        "lens": _word(lens.get("focal_length_mm")),
        "ir": "yes" if "ir" in _word(night.get("type")).casefold() or night.get("range_m") else "",
        "indoor": "yes" if "indoor" in places else "",
        "outdoor": "yes" if "outdoor" in places else "",
        "poe": "yes" if "poe" in power else "",
        "onvif": "yes" if "onvif" in spoken else "",
        "audio": "yes" if audio.get("microphone") is True else "",
    }


def _watts(text: object) -> int:
    """Return the most watts that the text names, in tenths; 0 where it names none."""
    found = [float(number) for number in _WATTS.findall(text[:500])] if isinstance(text, str) else []
    return round(max(found, default=0) * WATT)


def _of(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return value.strip()[:200] if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    return tuple(item.casefold() for item in value if isinstance(item, str)) if isinstance(value, list) else ()
