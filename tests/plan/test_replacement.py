"""The class of a replacement: from the model's traits, and honest where they are missing."""

import pytest

from netaudit.identify.device import Answer
from netaudit.plan.replacement import replacement
from tests.plan.scenes import planning
from tests.policy.cases import device


@pytest.mark.parametrize(
    ("kind", "traits", "name"),
    [
        ("camera", {"form_factor": "bullet", "megapixels": "4", "ir": "yes"}, "bullet camera, 4 MP class, IR"),
        ("camera", {"form_factor": "ptz", "megapixels": "2", "zoom": "25x"}, "PTZ camera, 2 MP class, zoom 25x"),
        ("camera", {"megapixels": "8"}, "camera, 8 MP class, form to be looked at on site"),
        ("camera", {}, "camera, form and resolution to be looked at on site"),
        ("recorder", {"channels": "16"}, "recorder, 16 channels"),
        ("recorder", {}, "recorder, to be looked at on site"),
        ("intercom", {"form_factor": "intercom"}, "intercom station"),
        ("unknown", {}, "unit, to be looked at on site"),
    ],
)
def test_the_class_by_what_is_known(kind: str, traits: dict[str, str], name: str) -> None:
    new = replacement(device(kind=kind, traits=traits), planning())
    assert new.name == name
    assert new.known_from == ("model code" if traits else "")


def test_a_class_never_names_a_make_or_model() -> None:
    unit = device("dahua", model=Answer("IPC-HFW2431S", 0.9), traits={"form_factor": "bullet", "megapixels": "4"})
    new = replacement(unit, planning())
    assert "IPC" not in new.name
    assert "ahua" not in new.name
