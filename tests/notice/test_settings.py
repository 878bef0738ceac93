"""notices.toml: what may stand there, and what is refused with its line."""

from pathlib import Path

import pytest

from netaudit.cli.notices import _TEMPLATE
from netaudit.errors import DataError
from netaudit.notice.settings import Mail, Settings, Syslog, Webhook, read_settings
from tests.contracts.schemas import faults, toml
from tests.notice.things import settings_file

MAIL = '[[mail]]\nname = "it"\nserver = "mail.example.org"\nfrom = "n@example.org"\nto = ["it@example.org"]\n'
HOOK = '[[webhook]]\nname = "desk"\nurl = "https://desk.example.org/n?key=1"\nsource = "env:KEY"\n'


def test_the_template_as_it_is_and_with_everything_switched_on(tmp_path: Path) -> None:
    assert read_settings(settings_file(tmp_path, _TEMPLATE)) == Settings()
    on = "\n".join(line.removeprefix("# ") if "=" in line or "[[" in line else line for line in _TEMPLATE.splitlines())
    settings = read_settings(settings_file(tmp_path, on.replace("source: env", "# source: env")))
    mail, hook, logs = settings.channels
    assert faults("notices", toml(tmp_path / "notices.toml")) == []
    assert isinstance(mail, Mail)
    assert isinstance(hook, Webhook)
    assert isinstance(logs, Syslog)
    assert mail.targets == ("it@example.org", "facilities@example.org")
    assert logs.targets == ("tls log.example.org:6514",)


def test_a_key_in_the_query_is_not_shown(tmp_path: Path) -> None:
    [hook] = read_settings(settings_file(tmp_path, HOOK)).channels
    assert hook.targets == ("https://desk.example.org/n",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[mails]\n", r":1: has the unknown table \[mails\]"),
        (MAIL.replace("it@example.org", "it@example.org\\nRCPT TO:<x@y>"), r":5: to is no list of addresses"),
        (MAIL.replace('"n@example.org"', '"n@example.org>"'), r":4: from is "),
        (MAIL + 'username = "n"\nsecurity = "none"\nsource = "env:X"\n', r":7: a password over a connection"),
        (MAIL + 'username = "n"\n', r"source is missing"),
        (MAIL + 'username = "n"\nsource = "the password"\n', r":7: source is "),
        (MAIL + 'security = "maybe"\n', r":6: security is 'maybe' \(expected one of starttls, tls, none"),
        (MAIL + "port = 0\n", r":6: port is 0"),
        (MAIL + "password = 1\n", r":6: unknown key 'password'"),
        (MAIL + MAIL, r"two channels have the same name"),
        (HOOK.replace("https", "http"), r":3: url is not one that is posted to"),
        (HOOK.replace("https://", "https://me:secret@"), r":3: url is not"),
        (HOOK.replace("https://", "file:///"), r":3: url is not"),
        ('[[syslog]]\nname = "l"\nserver = "l"\nfacility = "kern"\n', r":4: facility is 'kern'"),
        ("[tell]\ncoverage_drop = 20\n", r":2: coverage_drop is 20 \(expected a share such as 0.2"),
        ("[tell]\ndeadline_days = [0]\n", r":2: deadline_days is \[0\]"),
        ('[tell]\nappeared = "yes"\n', r":2: appeared is 'yes'"),
        ("[retry]\nseconds = [-1]\n", r":2: seconds is \[-1\]"),
    ],
)
def test_a_mistake_is_named_by_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_settings(settings_file(tmp_path, text))
    assert "secret@" not in str(caught.value)
