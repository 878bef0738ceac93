"""Makes docs/reference/import-formats.md from the format modules, so that the page cannot lie.

python -m netaudit.cli.format_reference > docs/reference/import-formats.md
"""

import sys
from collections.abc import Iterator

from netaudit.intake.formats.csv_any import synonyms
from netaudit.intake.model import Format
from netaudit.intake.registry import all_formats

_HEAD = """\
# What `netaudit import` reads

Generated from the format modules (`python -m netaudit.cli.format_reference > docs/reference/import-formats.md`);
a test keeps it true. The format is recognised by the file's beginning; `--format NAME` forces one. Files may be packed
with gzip, bzip2 or xz; what unfolds to more than 200 times its size is cut there. Text may be UTF-8, UTF-16 (with its
mark) or Windows-1252.

Of a table only what is understood is kept: no password, key or community, and no line that is no row.

| `--format` | what | how to make such a file | gives |
| --- | --- | --- | --- |
"""
_COLUMNS = """
## Columns of any other table

A table with a header line is read by the names of its columns, compared without case, blanks and punctuation. A
mapping file (`--map columns.toml`) names the columns of a table that has others: `field = "Column"`, or a list of
names. Columns that may hold a secret (password, community, token, key) are never read, mapped or not.

| field | columns |
| --- | --- |
"""


def page() -> str:
    """Return the whole page."""
    found = all_formats().values()
    return _HEAD + "".join(map(_row, found)) + "".join(_notes()) + _COLUMNS + "".join(_fields())


def _row(item: Format) -> str:
    made = "; ".join(f"`{text}`" for text in item.made_by)
    return f"| `{item.name}` | {item.title} | {_cell(made)} | {', '.join(f'`{kind}`' for kind in item.gives)} |\n"


def _notes() -> Iterator[str]:
    yield "\n"
    for item in all_formats().values():
        if item.note:
            yield f"- `{item.name}`: {item.note}\n"


def _fields() -> Iterator[str]:
    for field, names in synonyms().items():
        yield f"| `{field}` | {', '.join(names)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
