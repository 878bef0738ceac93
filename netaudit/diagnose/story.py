"""A trace and its causes as lines for people, or as one JSON object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from netaudit.diagnose.cause import Cause
from netaudit.diagnose.trace import Trace, Tried
from netaudit.scan.catalogue import all_probes

_CERTAINTY: Final = {
    "certain": "Certain",
    "likely": "Likely",
    "possible": "Possible",
}


def story(trace: Trace, causes: Sequence[Cause], device: str = "") -> Iterator[str]:
    """Yield the lines. `device`: what the run took it for, "" where it is no device of the run."""
    yield _verdict(trace, device)
    yield ""
    yield from _place(trace)
    yield from _tries(trace)
    yield from _reasons(trace, causes)


def as_json(trace: Trace, causes: Sequence[Cause], device: str = "") -> Mapping[str, Any]:
    """Return the same as plain data."""
    return {
        "address": str(trace.address),
        "run": trace.run.run,
        "status": trace.run.status,
        "seen": trace.seen,
        "device": device or None,
        "network": str(trace.range.cidr) if trace.range else None,
        "allowed": trace.network is not None,
        "route": trace.route.text if trace.route else None,
        "interface": trace.interface or None,
        "tries": [_plain(tried) for tried in (*trace.segment, *trace.tried)],
        "heard": sorted({one.kind for one in trace.heard}),
        "causes": [
            {"id": one.id, "sure": one.sure, "title": one.title, "because": one.because, "do": one.do} for one in causes
        ],
    }


def _plain(tried: Tried) -> Mapping[str, Any]:
    return {name: getattr(tried, name) for name in Tried.__slots__}


def _verdict(trace: Trace, device: str) -> str:
    run = f"run {trace.run.run} ({trace.run.started[:16].replace('T', ' ')} UTC, {trace.run.status})"
    if device:
        return f"{trace.address} was seen in {run}: {device}."
    if trace.seen:
        return f"{trace.address} gave a sign of life in {run}."
    asked = any(tried.status not in ("not_sent", "not_scheduled") for tried in trace.tried)
    return f"{trace.address} was {'asked, but nothing was heard of it' if asked else 'not asked'} in {run}."


def _place(trace: Trace) -> Iterator[str]:
    span = trace.range
    if span is not None:
        named = ", ".join(text for text in (span.name, span.site) if text)
        yield f"Scope   {span.cidr}{f' ({named})' if named else ''}" + ("" if trace.network else ": excluded")
    if trace.route is not None:
        where = "on our own link" if trace.on_link else f"behind the router {trace.route.gateway}"
        yield f"Way     {where}, from {trace.interface}  [{trace.route.text}]"
    elif span is not None:
        yield "Way     the run's record has no route there" if trace.run.routes else "Way     not in this run's record"
    limits = trace.scope.limits
    yield (
        f"Limits  profile {trace.run.profile}: {limits.packets_per_second} packets/s in all, "
        f"{limits.packets_per_host} to one host"
    )


def _tries(trace: Trace) -> Iterator[str]:
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    shown = [tried for tried in (*trace.segment, *trace.tried) if tried.status != "not_scheduled"]
    for tried in sorted(shown, key=lambda one: one.started):
        whom = "to all there" if tried in trace.segment else "to it"
        row = (tried.started[11:19] or "--:--:--", whom, tried.status, _told(trace, tried))
        rows.setdefault(row, []).append(tried.probe)
    if rows:
        yield "\nWhat went out (UTC), and what came back:"
    for (at, whom, status, told), probes in rows.items():
        yield f"  {at}  {whom:<12}  {status:<9} {', '.join(dict.fromkeys(probes))}{f': {told}' if told else ''}"
    yield from _unasked(trace)


def _told(trace: Trace, tried: Tried) -> str:
    if tried in trace.segment and tried.status == "answered":
        return "by it and perhaps others" if _answered(trace, tried.probe) else "by others"
    traffic = f"{tried.sent} bytes out, {tried.received} in" if tried.sent else ""
    return "; ".join(text for text in (tried.reason, traffic) if text)


def _answered(trace: Trace, probe: str) -> bool:
    return any(one.via.get("probe") == probe for one in trace.heard)


def _unasked(trace: Trace) -> Iterator[str]:
    waiting: dict[str, list[str]] = {}
    for tried in trace.tried:
        if tried.status == "not_scheduled":
            waiting.setdefault(tried.reason, []).append(tried.probe)
    for reason, probes in waiting.items():
        yield f"  not asked: {', '.join(dict.fromkeys(probes))}: {reason}"
    known = {tried.probe for tried in (*trace.tried, *trace.segment)}
    catalogue = all_probes().chosen(experimental=False)
    names = [*(probe.name for probe in catalogue.segment), *(probe.name for probe in catalogue.host)]
    never = [name for name in names if name not in known]
    if never and trace.network is not None:
        yield f"  never asked: {', '.join(never)}" + ("" if trace.seen else ": nothing had shown that it lives")


def _reasons(trace: Trace, causes: Sequence[Cause]) -> Iterator[str]:
    if not causes:
        yield "\nIt answered as a device should; `netaudit explain` shows what follows from it."
        return
    unseen = "Why it was not seen, and what would have to be true for it to be"
    yield f"\n{'What would tell more' if trace.seen else unseen}:"
    yield from (line for one in causes for line in _cause(one))


def _cause(one: Cause) -> Iterable[str]:
    yield f"  {_CERTAINTY[one.sure]}: {one.title}."
    yield f"    Known from: {one.because}."
    yield f"    To do: {one.do}."
