"""The how-to pages of importing: every netaudit command on them runs, in order, on files such as they speak of."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from netaudit.cli import main
from tests.cli.quick import remember
from tests.intake import frames

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "how-to"
TABLES = ROOT / "tests" / "recorded" / "tables"
SADP = (
    b"<ProbeMatch><Types>inquiry</Types><DeviceDescription>DS-2CD2385G1-I</DeviceDescription>"
    b"<MAC>44-19-b6-0a-0b-0c</MAC></ProbeMatch>"
)
SCAN = (
    '<nmaprun><host><status state="up" reason="syn-ack"/><address addr="10.20.7.7" addrtype="ipv4"/><ports>'
    '<port protocol="tcp" portid="554"><state state="open"/></port></ports></host></nmaprun>'
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(monkeypatch, tmp_path)
    datagram = frames.ipv4(frames.udp(SADP, 37020, 37020), 17, to="239.255.255.250")
    said = [frames.ethernet(datagram, to=frames.GROUP), frames.ethernet(frames.arp(), 0x0806)]
    Path("capture.pcap").write_bytes(frames.pcap(said))
    shutil.copy(TABLES / "cisco_ios_mac.txt", "sw-3.txt")
    shutil.copy(TABLES / "cisco_ios_mac.txt", "table.txt")
    Path("core-1.txt").write_text((TABLES / "cisco_ios_arp.txt").read_text())
    Path("dnsmasq.leases").write_text("1900000000 3c:ef:8c:0a:0b:0c 10.20.7.8 hall-cam *\n")
    Path("scan.xml").write_text(SCAN)


def commands(page: str) -> list[list[str]]:
    """The commands of a page, in order: indented lines that begin with netaudit."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.findall(r"^ {4,}(netaudit [^\n]+)$", text, re.MULTILINE)
    assert len(found) >= 4
    return [shlex.split(line)[1:] for line in found]


def test_only_a_capture(capsys: pytest.CaptureFixture[str]) -> None:
    for words in commands("only-a-capture.md"):
        assert main(words) in (0, 1), words
    assert "DS-2CD2385G1-I" in capsys.readouterr().out
    assert Path("audit/capture/report.html").is_file()


def test_only_a_switch_table(capsys: pytest.CaptureFixture[str]) -> None:
    for words in commands("only-a-switch-table.md"):
        assert main(words) in (0, 1), words
    said = capsys.readouterr().out
    assert "Hikvision" in said
    assert "Gi1/0/7" in said


def test_another_vlan(capsys: pytest.CaptureFixture[str]) -> None:
    Path("core-1.txt").write_text(Path("core-1.txt").read_text().replace("10.20.0.", "10.20.7."))
    for words in commands("another-vlan.md"):
        if words[0] == "scan":
            # No such network is here: nmap's list of the same hosts stands in for the scan.
            words = ["import", "scan.xml", "--scope", "scope.toml", *words[1:]]
        assert main(words) in (0, 1), words
    said = capsys.readouterr().out
    camera = next(line for line in said.splitlines() if "10.20.7.7" in line)
    assert "Hikvision" in camera
    assert "Gi1/0/8" in said
