"""A small run on disk, as a scan leaves it: two Hikvision cameras, one Dahua recorder with a camera, one Axis."""

from pathlib import Path

from netaudit.evidence.log import RunLog
from netaudit.evidence.observation import Observation, observe
from netaudit.evidence.run import RunInfo, write_run

SCOPE = b"""\
[authorisation]
organisation = "Example Town"
authorised_by = "A. Person"
role = "Head of IT"
reference = "memo 3"
valid_from = 2026-01-01
valid_until = 2099-01-01

[[network]]
cidr = "192.0.2.0/24"
site = "HQ"
name = "CCTV"
"""
OWNER = """\
[owner]
jurisdictions = ["US"]
us_prime_contractor = "yes"
purpose_of_use = "public_safety"
"""
AT = "2026-11-23T09:00:00.000Z"


def camera(ip: str, mac: str, maker: str, model: str, serial: str) -> list[Observation]:
    """Return what one camera said of itself, by ONVIF and by its MAC address."""
    fields = {"Manufacturer": maker, "Model": model, "FirmwareVersion": "V5.5", "SerialNumber": serial}
    return [
        observe("link.mac", AT, {"ip": ip, "mac": mac}, origin="probe", fields={"mac": mac}),
        observe("onvif.device_information", AT, {"ip": ip, "port": 80}, origin="probe", fields=fields),
    ]


def observations() -> list[Observation]:
    """Return the whole log."""
    return [
        *camera("192.0.2.7", "44:19:b6:00:00:07", "HIKVISION", "DS-2CD2143G2-I", "DS-2CD2143G2-I20200101AAWR111111111"),
        *camera("192.0.2.8", "44:19:b6:00:00:08", "HIKVISION", "DS-2CD2043G2-I", "DS-2CD2043G2-I20200101AAWR222222222"),
        *camera("192.0.2.9", "3c:ef:8c:00:00:09", "Dahua", "NVR4108HS-8P-4KS2", "3F006E4PAX00001"),
        *camera("192.0.2.10", "00:40:8c:00:00:0a", "AXIS", "P3245-V", "ACCC8E000001"),
    ]


def small_run(folder: Path) -> Path:
    """Write the run into the folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    with RunLog.create(folder, SCOPE) as log:
        for item in observations():
            log.observation(item)
        count = len(observations())
    write_run(
        folder,
        RunInfo("r1", "0.1.0", AT, "2026-11-23T09:05:00.000Z", "complete", observations=count),
    )
    (folder / "owner.toml").write_text(OWNER, encoding="utf-8")
    return folder
