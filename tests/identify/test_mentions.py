"""A page, a name or a certificate that only mentions a maker is not that maker's unit; a name plate is."""

import pytest

from netaudit.evidence.observation import Observation, observe
from netaudit.identify.device import Device
from netaudit.identify.engine import identify
from netaudit.identify.fuse import fuse
from netaudit.identify.hit import Vote
from netaudit.identify.lineage import label_votes
from tests.identify.support import AT, heard, one
from tests.identify.test_shipped_knowledge import shipped

LABELS = (
    "Hikvision",
    "HIKVISION",
    "Dahua",
    "EZVIZ",
    "Imou",
    "Amcrest Technologies",
    "Lorex",
    "Hikvision Digital Technology",
)
MENTIONS = ("{} Restaurant", "How to replace {} cameras", "{} shipping and tracking", "Our wiki: {}", "{} fan club")


def page(title: str, body: str = "") -> Observation:
    raw = f"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<title>{title}</title><p>{body}</p>".encode()
    return observe("http.response", AT, {"ip": "192.0.2.7", "port": 80}, raw=raw)


def named(observations: list[Observation]) -> Device:
    return one(observations, shipped())


@pytest.mark.parametrize("mention", MENTIONS)
def test_a_page_that_speaks_of_a_maker_is_nobodys_unit(mention: str) -> None:
    for label in LABELS:
        text = mention.format(label)
        for observation in (page(text), page("Home", text), heard("tls.certificate", {"subject_o": text})):
            found = named([observation]).maker
            assert found.grade in ("unknown", "possible"), (text, found)


@pytest.mark.parametrize("title", ["HIKVISION", "Dahua Technology", "Hikvision IP Camera", "DAHUA NVR4108 Login"])
def test_the_whole_title_names_the_maker(title: str) -> None:
    assert named([page(title)]).maker.value in ("hikvision", "dahua")


def test_one_moderate_clue_for_a_label_makes_no_maker_probable() -> None:
    device = named([page("EZVIZ")])
    assert (device.brand.value, device.maker.value, device.maker.grade) == ("ezviz", "hikvision", "possible")
    manufacturer = named([heard("onvif.device_information", {"Manufacturer": "EZVIZ", "Model": "CS-X"})])
    assert (manufacturer.maker.value, manufacturer.maker.grade) == ("hikvision", "probable")


def test_a_labels_maker_is_as_strong_as_the_clue_for_the_label() -> None:
    for strength in ("moderate", "strong"):
        [label] = fuse("brand", [Vote("brand", "ezviz", "http", strength)])
        assert [vote.strength for vote in label_votes(label, [], shipped())] == [strength]


def test_the_makers_name_beside_its_own_label_is_no_contradiction() -> None:
    device = named([heard("onvif.device_information", {"Manufacturer": "tp-link", "Model": "Tapo C200"})])
    assert (device.maker.value, device.brand.value, device.relabelled) == ("tp_link", "tapo", False)
    assert not device.contradictions


def test_a_report_of_this_programme_is_no_camera() -> None:
    rows = "".join(
        f"<td>{name}</td>" for name in ("Hangzhou Hikvision Digital Technology Co., Ltd.", "Zhejiang Dahua Technology")
    )
    [device] = identify([page("Cameras and recorders", rows)], shipped())
    assert device.maker.value is None
