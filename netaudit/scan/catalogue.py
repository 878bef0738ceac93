"""Which probes there are: every module of netaudit.probes that holds a PROBE."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from netaudit import probes
from netaudit.probes.base import HostProbe, LinkProbe, LoginProbe, SegmentProbe, is_experimental


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The probes of this installation, each kind in the order of their names."""

    segment: tuple[SegmentProbe, ...] = ()
    host: tuple[HostProbe, ...] = ()
    login: tuple[LoginProbe, ...] = ()
    link: tuple[LinkProbe, ...] = ()

    def chosen(self, *, experimental: bool) -> "Catalogue":
        """Return these probes with or without the experimental ones."""
        if experimental:
            return self
        return Catalogue(
            tuple(probe for probe in self.segment if not is_experimental(probe)),
            tuple(probe for probe in self.host if not is_experimental(probe)),
            tuple(probe for probe in self.login if not is_experimental(probe)),
            tuple(probe for probe in self.link if not is_experimental(probe)),
        )

    def segment_named(self, name: str) -> SegmentProbe | None:
        """Return the segment probe of this name."""
        return next((probe for probe in self.segment if probe.name == name), None)


@cache
def all_probes() -> Catalogue:
    """Import every probe module and sort what is found. Raises TypeError for a PROBE that is no probe."""
    found = [
        module.PROBE
        for info in sorted(pkgutil.iter_modules(probes.__path__), key=lambda info: info.name)
        if hasattr(module := importlib.import_module(f"{probes.__name__}.{info.name}"), "PROBE")
    ]
    for probe in found:
        if not isinstance(probe, SegmentProbe | HostProbe | LoginProbe | LinkProbe):
            raise TypeError(f"{probe!r} is neither a SegmentProbe nor a HostProbe, a LoginProbe or a LinkProbe")
    return Catalogue(
        tuple(probe for probe in found if isinstance(probe, SegmentProbe)),
        tuple(probe for probe in found if isinstance(probe, HostProbe)),
        tuple(probe for probe in found if isinstance(probe, LoginProbe)),
        tuple(probe for probe in found if isinstance(probe, LinkProbe)),
    )
