"""Prometheus text (exposition format 0.0.4) for a file collector: how many units, of whom, how far known."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from netaudit.report.views import Report

_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def render(report: Report) -> dict[str, bytes]:
    """Return one file."""
    lines = [*_units(report), *_addresses(report), *_run(report)]
    return {"netaudit.prom": "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")}


def _units(report: Report) -> Iterable[str]:
    yield "# HELP netaudit_units Cameras, recorders and the like, by site, type, maker and verdict."
    yield "# TYPE netaudit_units gauge"
    keys = Counter(
        (card.site, card.device.type.value or "unknown", card.device.maker.value or "unknown", card.status)
        for card in report.units
    )
    for (site, kind, maker, status), count in sorted(keys.items()):
        yield _sample("netaudit_units", {"site": site, "type": kind, "maker": maker, "status": status}, count)


def _addresses(report: Report) -> Iterable[str]:
    yield "# HELP netaudit_addresses Addresses of each network of the scope, by what came of them."
    yield "# TYPE netaudit_addresses gauge"
    for network, row in zip(report.limits.networks, report.coverage, strict=True):
        for state, count in (("answered", row.answered), ("silent", row.silent), ("not_asked", row.not_asked)):
            labels = {"network": network.cidr, "site": network.site, "state": state}
            yield _sample("netaudit_addresses", labels, count)


def _run(report: Report) -> Iterable[str]:
    yield "# HELP netaudit_run_ended_seconds When the run ended, in seconds since 1970."
    yield "# TYPE netaudit_run_ended_seconds gauge"
    ended = datetime.fromisoformat(report.run.ended or report.run.started).timestamp()
    yield _sample("netaudit_run_ended_seconds", {"run": report.run.run, "status": report.run.status}, int(ended))


def _sample(name: str, labels: Mapping[str, str], value: int) -> str:
    shown = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {value}"
