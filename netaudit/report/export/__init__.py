"""Hand-over to other systems: one format a file, each from the report's view model. Pure.

Each module has `render(report) -> dict[str, bytes]`: file name to content, in the order in which to import them.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from netaudit.report.views import Report

FORMATS: Final[Mapping[str, str]] = {
    "netbox-csv": "netbox_csv",
    "snipeit-csv": "snipeit_csv",
    "servicenow-csv": "servicenow_csv",
    "ocsf": "ocsf",
    "cyclonedx": "cyclonedx",
    "prometheus": "prometheus",
}
"""Format to the module of this package that writes it."""


def renderer(name: str) -> Callable[[Report], dict[str, bytes]]:
    """Return the writer of a format of FORMATS."""
    found: Callable[[Report], dict[str, bytes]] = import_module(f"{__name__}.{FORMATS[name]}").render
    return found
