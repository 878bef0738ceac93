"""WhatWeb on the labelled set: its plug-ins against the replayed web answers on loopback.

WhatWeb reads web pages only, so it is scored only on devices with an HTTP answer, and given the benefit of every name
in what its plug-ins report, except those that only repeat a header (the server line, the title, the realm).
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.accuracy.labelled import Labelled
from benchmarks.accuracy.peers.names import Names
from benchmarks.accuracy.peers.replay import Services, replayed, services
from benchmarks.accuracy.score import Pair
from netaudit.identify.knowledge import Knowledge

_ECHO: Final = frozenset(
    {"HTTPServer", "Title", "WWW-Authenticate", "IP", "Country", "UncommonHeaders", "RedirectLocation"}
)
_TIMEOUT: Final = 1200


def visible(item: Labelled) -> bool:
    """Return whether a device has a web answer."""
    return any(kind == "http.response" for kind, _ in services(item).values())


def answers(items: Sequence[Labelled], knowledge: Knowledge) -> tuple[Pair, ...]:
    """Ask WhatWeb about each device. Raises FileNotFoundError without WhatWeb."""
    names = Names(knowledge)
    with replayed(items) as served:
        hosts = {host: _url(host, ports) for host, ports in served.items()}
        texts = _run(tuple(hosts.values()))
    return tuple(
        (item.truth, names.said(texts.get(url, ""), item.truth))
        for item, url in zip(items, hosts.values(), strict=True)
    )


def _url(host: str, ports: Services) -> str:
    return next(f"http://{host}:{port}/" for port, (kind, _) in ports.items() if kind == "http.response")


def _run(urls: Sequence[str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        command = ["whatweb", "--no-errors", "--aggression=1", "--follow-redirect=never", "--colour=never",
                   "--max-threads=4", "--open-timeout=5", "--read-timeout=5", f"--log-json={log}", *urls]  # fmt: skip
        subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT)
        entries = json.loads(log.read_text(encoding="utf-8", errors="replace") or "[]")
    return {_same(entry.get("target", ""), urls): _words(entry.get("plugins", {})) for entry in entries if entry}


def _same(target: str, urls: Sequence[str]) -> str:
    """WhatWeb leaves the default port out of the address that it reports."""
    plain = target.rstrip("/").removesuffix(":80")
    return next((url for url in urls if url.rstrip("/").removesuffix(":80") == plain), target)


def _words(plugins: Mapping[str, Any]) -> str:
    return " ".join(f"{name} {_values(found)}" for name, found in plugins.items() if name not in _ECHO)


def _values(found: Mapping[str, Any]) -> str:
    lists = [value if isinstance(value, list) else [value] for value in found.values()]
    return " ".join(str(value) for values in lists for value in values)
