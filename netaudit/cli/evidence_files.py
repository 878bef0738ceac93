"""What a run's verdicts rest on, as files: the log, the answers, what people attached, and the rules that were used."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netaudit.cli.attachments import attached
from netaudit.cli.corrections import CORRECTIONS, to_bytes
from netaudit.cli.results import OWNER, Results
from netaudit.evidence.log import ATTEMPTS, CHAIN, OBSERVATIONS, SCOPE
from netaudit.evidence.pack.manifest import manifest, sha256

RUN: Final = "run"
RULES: Final = "rules/signatures"
REGISTRY: Final = "rules/oui_data"
OWN_RULES: Final = "rules/own-"
_LOG: Final = (SCOPE, OBSERVATIONS, CHAIN, ATTEMPTS, "run.json")


def evidence_files(results: Results) -> dict[str, bytes]:
    """Return the evidence by its name in a pack: `run/` is a run's folder, `rules/` what judged it."""
    return _given(results) | {name: path.read_bytes() for name, path in _lying(results)}


def evidence_digest(results: Results) -> str:
    """Return the SHA-256 of EVIDENCE.sha256: what the cover of a report shows."""
    digests = {name: sha256(data) for name, data in _given(results).items()}
    digests |= {name: _sha256_of(path) for name, path in _lying(results)}
    return sha256(manifest(digests))


def evidence_list(files: dict[str, bytes]) -> bytes:
    """Return EVIDENCE.sha256, the manifest of the evidence alone."""
    return manifest({name: sha256(data) for name, data in files.items()})


def _given(results: Results) -> dict[str, bytes]:
    """What is in memory or small."""
    files = {f"{RUN}/{OWNER}": results.owner_raw} if results.owner_raw else {}
    files |= {f"{RUN}/{name}": data for name, data in results.inputs.items()}
    if results.corrections:
        files[f"{RUN}/{CORRECTIONS}"] = to_bytes(results.corrections)
    return files | attached(results.folder)


def _lying(results: Results) -> Iterator[tuple[str, Path]]:
    """What lies on the disk, the log among it: not to be read whole where its digest is enough."""
    yield from ((f"{RUN}/{name}", results.folder / name) for name in _present(results.folder))
    yield from _rules(results)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _present(folder: Path) -> list[str]:
    return [name for name in _LOG if (folder / name).is_file()]


def _rules(results: Results) -> Iterator[tuple[str, Path]]:
    shipped, *own = results.knowledge.folders
    yield from _tree(RULES, shipped)
    for number, folder in enumerate(own, 1):
        yield from _tree(f"{OWN_RULES}{number}", folder)
    for name, path in results.knowledge.oui.files.items():
        yield f"{REGISTRY}/{name}", path


def _tree(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*.toml")):
        yield f"{name}/{path.relative_to(folder).as_posix()}", path
