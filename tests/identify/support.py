"""Small knowledge and observations for the tests of this room: facts of the field, made-up addresses."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import Knowledge, load_knowledge

FIXTURE = Path(__file__).parent / "fixture"
AT = "2026-11-23T09:00:00.000Z"
IP = "192.0.2.7"


@cache
def small() -> Knowledge:
    """The small word lists and signatures beside this file, with the small registry."""
    return load_knowledge([FIXTURE / "signatures"], built_in=False, oui_folder=FIXTURE / "oui_data")


def heard(
    kind: str, fields: dict[str, str | tuple[str, ...]], ip: str = IP, at: str = AT, **more: object
) -> Observation:
    """An observation of an imported kind: fields without raw bytes. `more` goes into the target, but for subject."""
    subject = more.pop("subject", None)
    target = {"ip": ip, **more} if ip else dict(more)
    return observe(kind, at, target, fields=fields, subject=str(subject) if subject else None)


def mac(address: str, ip: str = IP, at: str = AT, **more: object) -> Observation:
    """A MAC seen on the link."""
    return heard("link.mac", {"mac": address}, ip, at, mac=address, **more)


def one(observations: Iterable[Observation], knowledge: Knowledge | None = None) -> Device:
    """The only device behind the observations."""
    [device] = identify(observations, knowledge or small())
    return device


def write_signatures(text: str, name: str = "fingerprints/http.response.toml", lenient: bool = False) -> Knowledge:
    """Load the small knowledge with one more file of the user's own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        places = [FIXTURE / "signatures", Path(folder)]
        knowledge = load_knowledge(places, built_in=False, oui_folder=FIXTURE / "oui_data", lenient=lenient)
        assert knowledge.digest
        return knowledge
