"""A company's name in free text: legal forms, punctuation and model codes around it do not hide it, other words do."""

import pytest

from netaudit.identify.knowledge import load_knowledge
from netaudit.identify.resolve import brand_of

KNOWLEDGE = load_knowledge()


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("Merit LILIN Ent. Co., Ltd.", "lilin"),
        ("VIVOTEK INC.", "vivotek"),
        ("Basler AG", "basler"),
        ("IndigoVision Limited", "indigovision"),
        ("Milesight Technology Co.,Ltd", "milesight"),
        ("ZHEJIANG DAHUA TECHNOLOGY CO.,LTD.", "dahua"),
        ("PLANET Technology Corp.", "planet"),
        ("Bosch FLEXIDOME IP 4000i", "bosch"),
        ("Videotec S.p.A.", "videotec"),
    ],
)
def test_legal_forms_do_not_hide_a_name(text: str, brand: str) -> None:
    assert brand_of(text, KNOWLEDGE) == brand


@pytest.mark.parametrize("text", ["Co., Ltd.", "Inc", "General Ltd", "IP Camera Co.", "Lobby", "", ", ." * 40])
def test_a_legal_form_alone_names_nobody(text: str) -> None:
    assert brand_of(text, KNOWLEDGE) == ""
