"""By what people know the units of plans: address, model and place, from runs beside the plans or from the store."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from netaudit.cli.places import beside_store
from netaudit.cli.plan_inputs import PLACES

_DEVICES: Final = "devices.jsonl"
_PLACE: Final = ("building", "floor", "room")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as people know it; what is not known is ""."""

    address: str = ""
    model: str = ""
    place: str = ""


def names_of(
    devices: Collection[str], plans: Sequence[Mapping[str, Any]], beside: Sequence[Path], store: str | None
) -> dict[str, Named]:
    """Return the names of the devices. `beside`: files or folders of the plans, where their runs may lie.

    A unit of no run beside its plan is looked up in the store; of one that nobody knows the plan says the site.
    """
    from netaudit.places.kept import read_kept

    found = {row["device"]: _of_line(row) for path in beside for row in _lines(path) if row.get("device") in devices}
    found |= _stored([name for name in devices if name not in found], store)
    sites = {item["device"]: str(item.get("site", "")) for plan in plans for item in _items(plan)}
    typed = read_kept(beside_store(store, PLACES))
    return {name: _placed(found.get(name, Named()), sites.get(name, ""), typed.typed(name)) for name in devices}


def _items(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (item for phase in plan["phases"] for item in phase["items"])


def _placed(known: Named, site: str, typed: Mapping[str, str]) -> Named:
    """What people typed in the camera schedule says more than the scope."""
    words = [typed.get("site") or site or known.place, *(typed.get(column, "") for column in _PLACE)]
    return replace(known, place=", ".join(word for word in words if word))


def _lines(plan: Path) -> Iterator[Mapping[str, Any]]:
    from netaudit.evidence.kept_lines import kept

    folder = plan if plan.is_dir() else plan.parent
    return kept(folder, _DEVICES) if (folder / _DEVICES).is_file() else iter(())


def _of_line(row: Mapping[str, Any]) -> Named:
    address = next(iter(row.get("addresses") or ()), "")
    model, brand = row.get("model") or {}, row.get("brand") or {}
    return Named(
        str(address), _model(brand.get("name") or brand.get("value"), model.get("value")), str(row.get("site", ""))
    )


def _stored(devices: Sequence[str], where: str | None) -> dict[str, Named]:
    from netaudit.store.place import place_of

    place = place_of(where)
    if not devices or (place.file and not place.file.is_file()):
        return {}
    from netaudit.store.store import Store
    from netaudit.store.units import named

    with Store(where) as store, store.reading() as session:
        rows = named(session, devices)
    return {name: Named(row.address, _model(row.brand_name, row.model), row.site) for name, row in rows.items()}


def _model(brand: str | None, model: str | None) -> str:
    return " ".join(word for word in (brand, model) if word)
