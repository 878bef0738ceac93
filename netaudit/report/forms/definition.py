"""The forms as data: signatures/forms/*.toml, one file a form."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netaudit.data import data_folder
from netaudit.policy.reading import Table
from netaudit.toml_file import read_toml

SOURCES: Final = ("case", "device", "finding", "plan", "clock", "person")
"""Where a value comes from: what people wrote down, the unit, its finding, the plan, the clock; or a person alone."""
REGIMES: Final = ("legacy_1_10", "rfo_72h", "unknown")
_KEYS: Final = (
    "id", "title", "law", "regime", "starts", "business_days", "hours", "addressee", "note", "policies",
    "confidence", "unverified", "checked", "field",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `level`: form, or unit (once for each). `hint`: who knows it, where it cannot be filled."""

    level: str
    name: str
    label: str
    source: str
    hint: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `starts`: discovery, part_1 or none: what its clock runs from. `policies`: whose findings it lists.

    No policies: all that bind or may bind.
    """

    id: str
    title: str
    law: str
    regime: str
    starts: str
    business_days: int
    hours: int
    addressee: str
    note: str
    policies: tuple[str, ...]
    confidence: str
    unverified: tuple[str, ...]
    checked: str
    fields: tuple[Field, ...]


def load_forms(folder: Path | None = None) -> dict[str, Form]:
    """Load every form by its id (the shipped ones by default). Raises DataError (file:line)."""
    paths = sorted((folder or data_folder("signatures") / "forms").glob("*.toml"))
    return {form.id: form for form in map(_form, paths)}


def _form(path: Path) -> Form:
    file = read_toml(path)
    top = Table(file, file.data)
    top.only(_KEYS)
    if top.text("id") != path.stem:
        raise top.wrong("id", f"id is {top.text('id')!r}", f"the file's name, {path.stem!r}")
    return Form(
        id=path.stem, title=top.text("title"), law=top.text("law"), regime=top.choice("regime", REGIMES),
        starts=top.choice("starts", ("discovery", "part_1", "none")), business_days=top.number("business_days"),
        hours=top.number("hours"), addressee=top.text("addressee"), note=top.text("note"),
        policies=top.texts("policies"), confidence=top.choice("confidence", ("high", "medium", "low")),
        unverified=top.texts("unverified"), checked=top.day("checked"),
        fields=tuple(_field(table) for table in top.tables("field")),
    )  # fmt: skip


def _field(table: Table) -> Field:
    table.only(("level", "name", "label", "source", "hint"))
    return Field(
        table.choice("level", ("form", "unit")), table.text("name"), table.text("label"),
        table.choice("source", SOURCES), table.text("hint"),
    )  # fmt: skip
