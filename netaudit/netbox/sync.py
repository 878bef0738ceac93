"""A run into a NetBox, stage by stage: find, compare, and write where that is wanted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from netaudit.netbox.compare import Step, compare
from netaudit.netbox.find import Reader, find
from netaudit.report.export.netbox_objects import Ref, Stage, Value, Wanted


class Writer(Reader, Protocol):
    """What can be written into a NetBox."""

    def create(self, endpoint: str, bodies: Sequence[Mapping[str, Any]]) -> list[int | str]:
        """Make objects; return the id of each, or why it was refused."""

    def update(self, endpoint: str, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
        """Change fields of objects; return why it was refused, "" where it was not."""


@dataclass(frozen=True, slots=True)
class Done:
    """One step and what came of it. `problem`: why it was not done, "" where it was (or would be, in a dry run)."""

    step: Step
    problem: str = ""


def synchronise(netbox: Writer, stages: Iterable[Stage], *, write: bool) -> Iterator[Done]:
    """Yield every step in its order; nothing is written without `write`."""
    ids: dict[Ref, int] = {}
    for stage in stages:
        steps = _linked(netbox, stage, ids) if stage.links else _steps(netbox, stage, ids)
        for done, number in _carried_out(netbox, steps, ids) if write else ((Done(step), step.id) for step in steps):
            if number is not None:
                ids[Ref(stage.endpoint, done.step.wanted.label)] = number
            yield done


def _steps(netbox: Reader, stage: Stage, ids: Mapping[Ref, int]) -> list[Step]:
    found = find(netbox, stage.endpoint, stage.wanted, ids)
    return [compare(one, found.get(one.label), ids) for one in stage.wanted]


def _linked(netbox: Reader, stage: Stage, ids: Mapping[Ref, int]) -> list[Step]:
    """Fields that point back to later objects: only where both are there; a dry run of new ones has none yet."""
    there: dict[int, Wanted] = {
        number: one
        for one in stage.wanted
        if (number := ids.get(Ref(stage.endpoint, one.label))) is not None
        and all(value in ids for value in one.values.values() if isinstance(value, Ref))
    }
    numbers = list(there)
    rows = [row for at in range(0, len(numbers), 50) for row in netbox.rows(stage.endpoint, id=numbers[at : at + 50])]
    steps = [compare(there[int(row["id"])], row, ids) for row in rows]
    return [step for step in steps if step.changes or step.kept]


def _carried_out(netbox: Writer, steps: Sequence[Step], ids: Mapping[Ref, int]) -> Iterator[tuple[Done, int | None]]:
    whole = [step for step in steps if _is_whole(step, ids)]
    new = [step for step in whole if step.action == "create"]
    changed = [step for step in whole if step.action == "update"]
    endpoint = steps[0].wanted.endpoint if steps else ""
    made = dict(zip(map(id, new), netbox.create(endpoint, [_body(s, ids) for s in new]), strict=True)) if new else {}
    bodies = [{"id": step.id, **_body(step, ids)} for step in changed]
    refused = dict(zip(map(id, changed), netbox.update(endpoint, bodies), strict=True)) if changed else {}
    for step in steps:
        answer = made.get(id(step), step.id)
        if not _is_whole(step, ids):
            yield Done(step, "what it belongs to could not be made"), None
        elif isinstance(answer, str):
            yield Done(step, answer), None
        else:
            yield Done(step, refused.get(id(step), "")), answer


def _is_whole(step: Step, ids: Mapping[Ref, int]) -> bool:
    return all(value in ids for value in step.changes.values() if isinstance(value, Ref))


def _body(step: Step, ids: Mapping[Ref, int]) -> dict[str, Any]:
    return {name: _written(value, ids) for name, value in step.changes.items()}


def _written(value: Value, ids: Mapping[Ref, int]) -> str | int | bool:
    return ids[value] if isinstance(value, Ref) else value
