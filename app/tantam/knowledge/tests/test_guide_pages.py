"""The pages on which guides are read and written (C5)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tantam.accounts.permissions import Role
from tantam.knowledge.models import Guide
from tantam.knowledge.operations import create_guide, publish_guide
from tantam.knowledge.rules.content import GuideContent, GuideScope
from tests.factories.accounts import MemberFactory
from tests.factories.records import EncounterFactory, PrescriptionLineFactory

FORM = {
    "title": "Tăng huyết áp",
    "occasion": "before_reexamination",
    "diagnosis_prefixes": "i10, i11",
    "goals": "Biết huyết áp\n\nBiết huyết áp\n",
    "questions": "Huyết áp bao nhiêu?\nĐo lúc nào?",
    "cautions": "",
    "facts": ["medicines"],
}


@pytest.fixture
def trainer(site):
    return MemberFactory(username="daotao", full_name="Võ Thị Giảng", roles=[(Role.TRAINER, site)])


@pytest.fixture
def guide(trainer) -> Guide:
    content = GuideContent(["Biết huyết áp"], ["Huyết áp bao nhiêu?"])
    version = create_guide(
        title="Tăng huyết áp", scope=GuideScope("before_reexamination"), content=content, actor=trainer
    )
    return version.guide


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        pytest.param("trainer", 200, 200, id="writes-guides"),
        pytest.param("manager", 200, 200, id="leads"),
        pytest.param("mai", 200, 403, id="calls"),
        pytest.param("dung", 403, 403, id="neither"),
        pytest.param("oscar", 403, 403, id="nobody"),
    ],
)
def test_who_may_read_and_write_guides(request, client, guide, who, reads, writes):
    client.force_login(request.getfixturevalue(who))

    for name, args, status in (
        ("guides", [], reads),
        ("guide", [guide.pk], reads),
        ("new-guide", [], writes),
        ("edit-guide", [guide.pk], writes),
    ):
        assert client.get(reverse(f"knowledge:{name}", args=args)).status_code == status, name
    assert client.post(reverse("knowledge:preview"), FORM).status_code == writes


def test_a_guide_is_written_on_one_page(client, trainer):
    client.force_login(trainer)

    response = client.post(reverse("knowledge:new-guide"), FORM)

    guide = Guide.objects.get()
    assert response.headers["Location"] == reverse("knowledge:guide", args=[guide.pk])
    assert guide.prefixes == ["I10", "I11"]
    version = guide.versions.get()
    assert version.goals == ["Biết huyết áp"]
    assert version.questions == ["Huyết áp bao nhiêu?", "Đo lúc nào?"]
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"goals": " \n "}, ""),
        ({"diagnosis_prefixes": "tăng huyết áp"}, "không phải là phần đầu của mã ICD-10"),
        ({"questions": "\n".join(f"câu {n}" for n in range(40))}, "Tối đa 30 dòng"),
        ({"questions": "a" * 301}, "tối đa 300 ký tự"),
        ({"occasion": "never"}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed(client, trainer, change, words):
    client.force_login(trainer)

    response = client.post(reverse("knowledge:new-guide"), FORM | change)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Tăng huyết áp" in page
    assert not Guide.objects.exists()


def test_two_editors_at_once_lose_nothing(client, guide, trainer):
    """A form open in two tabs: the second sees the first's version beside their own text, and may publish then."""
    client.force_login(trainer)
    publish_guide(
        guide,
        title=guide.title,
        scope=GuideScope("before_reexamination"),
        content=GuideContent(["Của đồng nghiệp"], ["Câu của đồng nghiệp"]),
        seen=1,
        actor=trainer,
    )
    url = reverse("knowledge:edit-guide", args=[guide.pk])

    response = client.post(url, FORM | {"seen": "1"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Một đồng nghiệp vừa ban hành phiên bản 2" in page
    assert "<del>Câu của đồng nghiệp</del>" in page
    assert "Đo lúc nào?" in page
    assert 'name="seen" value="2"' in page
    assert client.post(url, FORM | {"seen": "2"}).status_code == 302
    assert guide.versions.count() == 3


def test_versions_are_compared(client, guide, trainer):
    client.force_login(trainer)
    client.post(reverse("knowledge:edit-guide", args=[guide.pk]), FORM | {"seen": "1"})

    page = client.get(
        reverse("knowledge:guide", args=[guide.pk]), {"version": "2", "compare": ""}
    ).content.decode()

    assert "<ins>Đo lúc nào?</ins>" in page
    assert "Võ Thị Giảng" in page


def test_odd_addresses_show_the_version_in_use(client, guide, trainer):
    client.force_login(trainer)

    for typed in ("99", "-1", "abc", "²"):
        url = reverse("knowledge:guide", args=[guide.pk])
        assert client.get(url, {"version": typed, "against": typed, "compare": ""}).status_code == 200


def test_a_guide_goes_out_of_use_and_comes_back(client, guide, trainer):
    client.force_login(trainer)
    url = reverse("knowledge:use", args=[guide.pk])

    client.post(url, {"use": "no"})
    assert not Guide.objects.get().is_active
    assert "Tăng huyết áp" in client.get(reverse("knowledge:guides") + "?retired").content.decode()

    client.post(url, {"use": "yes"})
    assert Guide.objects.get().is_active


class TestPreview:
    def test_an_example_patient_shows_how_it_reads(self, client, trainer):
        client.force_login(trainer)

        page = client.post(
            reverse("knowledge:preview"), FORM | {"questions": "{xưng hô} có khỏe không?"}
        ).content.decode()

        assert "Chị Hằng có khỏe không?" in page
        assert "Amlodipin" in page

    def test_a_patient_one_may_see(self, client, manager, site):
        encounter = EncounterFactory(site=site)
        PrescriptionLineFactory(encounter=encounter, drug="Losartan 50 mg")
        client.force_login(manager)

        page = client.post(
            reverse("knowledge:preview"), FORM | {"patient": encounter.patient.code.lower()}
        ).content.decode()

        assert encounter.patient.full_name in page
        assert "Losartan 50 mg" in page

    def test_a_trainer_sees_no_patient(self, client, trainer, site):
        encounter = EncounterFactory(site=site)
        client.force_login(trainer)

        page = client.post(
            reverse("knowledge:preview"), FORM | {"patient": encounter.patient.code}
        ).content.decode()

        assert encounter.patient.full_name not in page
        assert encounter.patient.code in page
