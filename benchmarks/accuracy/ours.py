"""netaudit's own answers for the labelled set."""

from collections.abc import Iterable, Sequence

from benchmarks.accuracy.labelled import Labelled
from benchmarks.accuracy.score import Pair, Said
from netaudit.evidence.observation import Observation
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.knowledge import Knowledge

NOTHING = Said()


def said(device: Device) -> Said:
    """Return what netaudit said of a device."""
    confidence = {
        "maker": device.maker.confidence,
        "brand": device.brand.confidence,
        "type": device.type.confidence,
    }
    return Said(
        device.maker.value,
        device.brand.value,
        device.type.value,
        device.relabelled,
        device.maker.grade or "unknown",
        confidence,
    )


def answers(items: Sequence[Labelled], knowledge: Knowledge) -> tuple[Pair, ...]:
    """Identify each device by itself and pair the answers with the truths."""
    return tuple((item.truth, _one(item.observations, knowledge)) for item in items)


def answers_of_kind(items: Sequence[Labelled], kind: str, knowledge: Knowledge) -> tuple[Pair, ...]:
    """The same from one kind of observation alone; devices that were not heard that way are left out."""
    return tuple(
        (item.truth, _one(heard, knowledge))
        for item in items
        if (heard := [observation for observation in item.observations if observation.kind == kind])
    )


def kinds(items: Iterable[Labelled]) -> tuple[str, ...]:
    """Return the kinds of observation in the set."""
    return tuple(sorted({observation.kind for item in items for observation in item.observations}))


def _one(observations: Iterable[Observation], knowledge: Knowledge) -> Said:
    devices = identify(list(observations), knowledge)
    return said(devices[0]) if devices else NOTHING
