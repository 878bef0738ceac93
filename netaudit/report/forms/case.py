"""What people write down for a report: the case file. TOML, so that it can be kept, reviewed and used again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from netaudit.policy.reading import Table
from netaudit.report.forms.definition import REGIMES, Form
from netaudit.toml_file import read_toml

_MOMENTS: Final = ("discovered_at", "part_1_sent_at")


@dataclass(frozen=True, slots=True)
class Case:
    """The answers. `units`: by device id or address. `discovered`: None where nobody wrote it down."""

    regime: str = "unknown"
    discovered: datetime | None = None
    part_1_sent: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_case(path: Path, forms: Iterable[Form]) -> Case:
    """Read a case file. Raises DataError (file:line) for anything that no form asks for."""
    file = read_toml(path)
    top = Table(file, file.data)
    forms = list(forms)
    asked = _asked(forms, "form") | _asked(forms, "unit")
    top.only((*_MOMENTS, "regime", "unit", *sorted(asked)))
    units: dict[str, Mapping[str, str]] = {}
    for table in top.tables("unit"):
        table.only(("device", *sorted(asked)))
        units[table.text("device")] = _answers(table, asked)
    return Case(
        top.choice("regime", REGIMES, "unknown"), _moment(top, "discovered_at"), _moment(top, "part_1_sent_at"),
        _answers(top, asked), units,
    )  # fmt: skip


def empty_case(forms: Iterable[Form]) -> str:
    """Return an empty case file that says for each answer who knows it and which form asks for it."""
    lines = [
        '# What a report form asks for and no scan can see. Empty answers stay "to be completed".',
        "# When you learned of it, with the zone. Clocks run from here, e.g. 2026-11-23T09:00:00-05:00",
        "# discovered_at = 2026-11-23T09:00:00-05:00",
        "# part_1_sent_at = 2026-11-24T16:00:00-05:00",
        f'regime = "unknown"   # {", ".join(REGIMES)}: your contract says which',
    ]
    seen: set[str] = set()
    for form in forms:
        for item in form.fields:
            if item.source in ("case", "plan", "person") and item.name not in seen and item.name not in _MOMENTS:
                seen.add(item.name)
                lines += ["", f"# {item.label}. {item.hint} ({form.id})", f'{item.name} = ""']
    lines += ["", "# The same names for one unit, where they differ:", "# [[unit]]", '# device = "10.20.0.7"']
    return "\n".join([*lines, '# supplier_name = ""', ""])


def _asked(forms: Iterable[Form], level: str) -> set[str]:
    return {item.name for form in forms for item in form.fields if item.level == level} - set(_MOMENTS)


def _answers(table: Table, asked: set[str]) -> dict[str, str]:
    return {name: table.text(name) for name in asked & table.data.keys() if table.text(name).strip()}


def _moment(table: Table, key: str) -> datetime | None:
    value = table.data.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, datetime):
        raise table.wrong(key, f"{key} is {value!r}", "a day with time and zone, e.g. 2026-11-23T09:00:00-05:00")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
