"""What identification reads and shows holds no secret: no signature looks at one, no explanation prints one."""

from netaudit.evidence.observation import observe
from netaudit.identify.engine import identify
from netaudit.identify.explain import SECRET_NAME, explain
from netaudit.identify.knowledge import load_knowledge
from netaudit.identify.match import matcher_for
from netaudit.identify.sighting import sight

STATES = {"admin_password"}
"""Fields that tell whether a password is set, not which."""


def test_no_signature_looks_at_a_secret() -> None:
    knowledge = load_knowledge()
    fields = {(s.kind, name) for s in knowledge.signatures.values() for name in (s.field, *(n.field for n in s.needs))}
    assert fields
    assert not [field for field in fields if SECRET_NAME.search(field[1]) and field[1] not in STATES]


def test_no_statement_is_made_about_a_secret() -> None:
    knowledge = load_knowledge()
    groups = {group for s in knowledge.signatures.values() for group in s.pattern.groupindex}
    assert not [group for group in groups if SECRET_NAME.search(group)]


def test_a_secret_in_somebody_elses_list_is_neither_kept_nor_shown() -> None:
    line = observe(
        "recorder.channel", "2026-11-23T09:00:00Z", {"ip": "192.0.2.1"}, origin="import:csv",
        fields={"channel": "1", "manufacturer": "AXIS", "Password": "hunter2-hunter2", "userPwd": "hunter2-hunter2"},
    )  # fmt: skip
    knowledge = load_knowledge()
    assert "hunter2" not in repr(sight(line, matcher_for(knowledge)))
    [device] = identify([line], knowledge)
    assert "hunter2" not in str(device.to_dict())
    assert "hunter2" not in explain(device, [line], knowledge)
