"""What a form brought: text by field, files by field, and one place for what is wrong with each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import UploadFile
from starlette.requests import Request

LONGEST: int = 4_000


@dataclass(slots=True)
class Form:
    """`values`: what was typed. `files`: name and bytes. `errors`: field to the sentence that stands beside it."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, needed: str = "", longest: int = LONGEST) -> str:
        """Return a field without blanks around it; note an error where it is missing (`needed`) or too long."""
        value = self.values.get(name, "").replace("\0", "").strip()
        if needed and not value:
            self.errors[name] = needed
        if len(value) > longest:
            self.errors[name] = f"At most {longest} characters."
        return value

    def day(self, name: str, *, needed: str = "") -> str:
        """Return a date field as ISO text; note an error where it is none."""
        value = self.text(name, needed=needed, longest=10)
        if value:
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                self.errors[name] = "A day, as YYYY-MM-DD."
        return value

    def number(self, name: str, lowest: float, highest: float) -> float | None:
        """Return a number field; note an error where it is none or out of range. None where the field is empty."""
        value = self.text(name, longest=30)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not lowest <= number <= highest:
            self.errors[name] = f"A number from {lowest:g} to {highest:g}."
            return None
        return number

    def choice(self, name: str, among: tuple[str, ...]) -> str:
        """Return a field that must be one of these; note an error where it is not."""
        value = self.text(name, longest=80)
        if value not in among:
            self.errors[name] = f"One of: {', '.join(word or '(empty)' for word in among)}."
        return value

    def version(self) -> int:
        """Return the version that the editor saw; 0 where it is missing, which no edit fits."""
        value = self.values.get("version", "")
        return int(value) if value.isdigit() and len(value) < 10 else 0


async def read_form(request: Request) -> Form:
    """Read the form of a request (a dependency of endpoints). Files are held in memory; the gate limits their size."""
    if "form" not in request.headers.get("content-type", ""):
        return Form()
    values: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    form = await request.form()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = (value.filename or "file", await value.read())
        else:
            values[name] = value
    await form.close()
    return Form(values, files)
