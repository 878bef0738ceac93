"""From the trace of an address to the reasons why it was not seen. Pure: the same record gives the same reasons."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from netaudit.diagnose.cause import ORDER, Cause, cause
from netaudit.diagnose.trace import USUAL, Trace, Tried
from netaudit.scan.journal import INTERRUPTED
from netaudit.scan.no_way import NO_ROUTE
from netaudit.sweep.ports import camera_ports

Values: TypeAlias = Mapping[str, object]
Rule: TypeAlias = Callable[[Trace], Values | None]

_FORBIDDEN: Final = ("Operation not permitted", "Permission denied")
_PRESSED: Final = (
    "Resource temporarily unavailable",
    "No buffer space",
    "Cannot allocate memory",
    "kernel was busy",
    "neighbour table",
)
_LEFT_ALONE: Final = "left alone"
_NAMED_KINDS: Final = frozenset({"link.mac", "tcp.ports"})


def causes(trace: Trace, folder: str = "FOLDER") -> tuple[Cause, ...]:
    """Return the reasons, the surest first. Where the address may not be asked at all, only that.

    `folder`: of the run, for what is to be typed next.
    """
    common = _common(trace) | {"folder": folder}
    found = _all(_FORBIDDING, trace, common) or _all(_RULES, trace, common)
    return tuple(sorted(found, key=lambda one: ORDER.index(one.sure)))


def _all(rules: Mapping[str, Rule], trace: Trace, common: Values) -> list[Cause]:
    values = {name: rule(trace) for name, rule in rules.items()}
    return [cause(name, {**common, **found}) for name, found in values.items() if found is not None]


def _common(trace: Trace) -> dict[str, object]:
    return {
        "address": trace.address,
        "network": trace.range.cidr if trace.range else "",
        "interface": trace.interface,
        "run": trace.run.run,
        "status": trace.run.status,
        "living": trace.around.living,
        "asked": trace.around.asked,
        "way": f"{trace.route.gateway} on {trace.route.interface}" if trace.route else "no way",
        "alive": _alive(trace),
        "opened": _listed(trace.opened) or "none",
        "reason": _swept(trace),
    }


def _alive(trace: Trace) -> str:
    if trace.has("link.mac"):
        return "it answered ARP"
    if trace.opened or trace.closed:
        return f"it answered on TCP {_listed((*trace.opened, *trace.closed))}"
    return "it was heard by UDP"


def _outside_scope(trace: Trace) -> Values | None:
    return {} if trace.range is None and not _answered_outside(trace) else None


def _answered_outside(trace: Trace) -> Values | None:
    found = _with_reason(trace.tried, "outside the written scope")
    return {"reason": found.reason} if found and trace.network is None else None


def _own_address(trace: Trace) -> Values | None:
    ours = {label.partition(" ")[2] for label in (*trace.run.interfaces, trace.interface)}
    loopback = trace.address.is_loopback
    return {} if str(trace.address) in ours and not loopback else None


def _excluded(trace: Trace) -> Values | None:
    return {} if trace.range is not None and trace.network is None and _own_address(trace) is None else None


def _run_unfinished(trace: Trace) -> Values | None:
    waiting = [tried.probe for tried in trace.tried if tried.reason.startswith(INTERRUPTED)]
    if trace.run.status == "complete" or (trace.swept and not waiting):
        return None
    return {"unasked": _words(waiting) or "all questions to it"}


def _too_large(trace: Trace) -> Values | None:
    large = trace.address.version == 6 and not trace.tried and trace.run.status == "complete"
    return {} if large and not trace.seen else None


def _no_route(trace: Trace) -> Values | None:
    swept = trace.swept
    return {} if swept and swept.status == "not_sent" and NO_ROUTE in swept.reason else None


def _local_firewall(trace: Trace) -> Values | None:
    return _unsent_because(trace, _FORBIDDEN)


def _back_pressure(trace: Trace) -> Values | None:
    return _unsent_because(trace, _PRESSED)


def _unsent_because(trace: Trace, words: tuple[str, ...]) -> Values | None:
    unsent = [tried for tried in (*trace.tried, *trace.segment) if tried.status == "not_sent"]
    found = [tried for tried in unsent if any(word in tried.reason for word in words)]
    if not found:
        return None
    return {"reason": f"{_words(tried.probe for tried in found)}: {found[0].reason}"}


def _interface_down(trace: Trace) -> Values | None:
    return None if trace.seen else _loss(trace, "interface ", "is down")


def _half_segment(trace: Trace) -> Values | None:
    whole = trace.segment or trace.address.is_loopback or not trace.tried or trace.run.status != "complete"
    return {} if trace.on_link and not whole else None


def _no_privilege(trace: Trace) -> Values | None:
    if trace.seen or not trace.on_link or trace.route is None:
        return None
    return _loss(trace, "no right to send ARP on", trace.route.interface)


def _behind_recorder(trace: Trace) -> Values | None:
    hosts = {str(one.target.get("ip") or one.subject or "a recorder") for one in trace.channels}
    return {"recorders": ", ".join(sorted(hosts))} if hosts else None


def _silent(trace: Trace) -> bool:
    return trace.swept is not None and trace.swept.status == "silent" and not trace.seen


def _swept(trace: Trace) -> str:
    return trace.swept.reason if trace.swept else ""


def _nobody_on_link(trace: Trace) -> Values | None:
    return {} if _silent(trace) and trace.on_link and "ARP" in _swept(trace) else None


def _silent_network(trace: Trace) -> Values | None:
    return {} if _silent(trace) and not trace.on_link and trace.around.living == 0 else None


def _silent_routed(trace: Trace) -> Values | None:
    return {} if _silent(trace) and not trace.on_link and trace.around.living else None


def _silent_here(trace: Trace) -> Values | None:
    return {} if _silent(trace) and trace.on_link and "ARP" not in _swept(trace) else None


def _drops_all(trace: Trace) -> Values | None:
    lost = trace.seen and trace.dropped and not (trace.opened or trace.closed)
    return {"count": len(trace.dropped)} if lost else None


def _drops_some(trace: Trace) -> Values | None:
    if not trace.dropped or not (trace.opened or trace.closed):
        return None
    return {"answered": _listed((*trace.opened, *trace.closed)), "dropped": _listed(trace.dropped)}


def _ports_left_out(trace: Trace) -> Values | None:
    left = set(camera_ports().every) & trace.scope.limits.never_touch
    return {"ports": _listed(left)} if left and trace.seen else None


def _segment_not_asked(trace: Trace) -> Values | None:
    found = [tried for tried in trace.segment if tried.status == "not_sent"]
    return {"reason": f"{_words(tried.probe for tried in found)}: {found[0].reason}"} if found else None


def _deaf_to(trace: Trace) -> str:
    """The usual requests to the whole segment, where they went out and nobody at all answered them."""
    usual = [tried for tried in trace.segment if tried.probe in USUAL]
    return _words(tried.probe for tried in usual) if all(tried.status == "silent" for tried in usual) else ""


def _multicast_lost(trace: Trace) -> Values | None:
    probes, spoke = _deaf_to(trace), trace.around.spoke
    return {"probes": probes, "spoke": spoke} if probes and spoke else None


def _multicast_unheard(trace: Trace) -> Values | None:
    probes, around = _deaf_to(trace), trace.around
    return {"probes": probes} if probes and around.living and not around.spoke else None


def _mute_service(trace: Trace) -> Values | None:
    found = [tried for tried in trace.tried if tried.status == "timeout" and "no answer" in tried.reason]
    return {"reason": "; ".join(f"{tried.probe}: {tried.reason}" for tried in found)} if found else None


def _port_taken(trace: Trace) -> Values | None:
    return _loss(trace, "UDP port ", "is taken")


def _left_alone(trace: Trace) -> Values | None:
    found = [tried.probe for tried in trace.tried if tried.reason.startswith(_LEFT_ALONE)]
    return {"probes": _words(found)} if found else None


def _onvif_off(trace: Trace) -> Values | None:
    speaks = trace.has("wsd.probe_match") or trace.has("onvif.pre_auth") or trace.has("onvif.device_information")
    return {} if trace.opened and not speaks else None


def _nothing_told(trace: Trace) -> Values | None:
    told = {one.kind for one in trace.heard} - _NAMED_KINDS
    return {} if trace.seen and not told else None


def _with_reason(tries: tuple[Tried, ...], words: str) -> Tried | None:
    return next((tried for tried in tries if words in tried.reason), None)


def _loss(trace: Trace, *words: str) -> Values | None:
    found = next((loss for loss in trace.run.losses if all(word in loss for word in words)), None)
    return {"loss": found} if found else None


def _words(names: Iterator[str] | list[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _listed(ports: "tuple[int, ...] | set[int]") -> str:
    return ", ".join(map(str, sorted(ports)))


_FORBIDDING: Final[Mapping[str, Rule]] = {
    "own_address": _own_address,
    "answered_outside": _answered_outside,
    "outside_scope": _outside_scope,
    "excluded": _excluded,
}
_RULES: Final[Mapping[str, Rule]] = {
    "behind_recorder": _behind_recorder,
    "run_unfinished": _run_unfinished,
    "too_large": _too_large,
    "no_route": _no_route,
    "local_firewall": _local_firewall,
    "back_pressure": _back_pressure,
    "interface_down": _interface_down,
    "drops_all": _drops_all,
    "left_alone": _left_alone,
    "ports_left_out": _ports_left_out,
    "segment_not_asked": _segment_not_asked,
    "half_segment": _half_segment,
    "nobody_on_link": _nobody_on_link,
    "no_privilege": _no_privilege,
    "silent_network": _silent_network,
    "silent_routed": _silent_routed,
    "silent_here": _silent_here,
    "mute_service": _mute_service,
    "multicast_lost": _multicast_lost,
    "onvif_off": _onvif_off,
    "nothing_told": _nothing_told,
    "drops_some": _drops_some,
    "multicast_unheard": _multicast_unheard,
    "port_taken": _port_taken,
}
