"""What a patient says in a call changes the record, the journal, the doctor's list and bell at once (B7, B8, B9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tantam.accounts.permissions import Role
from tantam.care.errors import ExplanationNeeded, NoReexamination, TaskHeldByAnother
from tantam.care.models import CareTask, Finding, FindingKind, UnmetNeed
from tantam.care.operations import findings as findings_module
from tantam.care.operations.changes import (
    report_allergy,
    report_condition_change,
    report_new_date,
    report_new_doctor,
    report_unmet_need,
    take_back_allergy,
)
from tantam.care.operations.findings import see_findings
from tantam.care.tests.stories import Story, story_of
from tantam.journal.models import BellItem, Entry
from tantam.records.models import Allergy, ConditionChange, Reexamination
from tests.factories.accounts import MemberFactory, PractitionerFactory


@pytest.fixture
def story(site, doctor) -> Story:
    return story_of(site, doctor)


@pytest.fixture
def other_doctor(site, cardiology):
    member = MemberFactory(username="bshoa", full_name="Lý Thu Hòa", roles=[(Role.DOCTOR, site)])
    return PractitionerFactory(
        member=member, full_name=member.full_name, title="BS.", site=site, speciality=cardiology
    )


def _soon(days: int = 9):
    return timezone.localdate() + timedelta(days=days)


ACTS = {
    "condition": lambda story, mai, other: report_condition_change(
        story.task, trend="worse", text="Khó thở khi leo cầu thang", actor=mai
    ),
    "allergy": lambda story, mai, other: report_allergy(
        story.task, agent="Amoxicillin", reaction="Nổi mẩn", severity="moderate", actor=mai
    ),
    "date": lambda story, mai, other: report_new_date(
        story.task, due_on=_soon(), reason="Bận việc nhà", actor=mai
    ),
    "doctor": lambda story, mai, other: report_new_doctor(story.task, doctor=other, actor=mai),
    "need": lambda story, mai, other: report_unmet_need(
        story.task, need="Khám buổi tối", explanation="Chưa có ca tối, mời khám sáng thứ Bảy", actor=mai
    ),
}
CHANGED = {
    "condition": ("records.condition:changed", lambda story: ConditionChange.objects.count()),
    "allergy": ("records.allergy:noted", lambda story: Allergy.objects.filter(agent="Amoxicillin").count()),
    "date": (
        "records.reexamination:moved",
        lambda story: Reexamination.objects.filter(due_on=_soon()).count(),
    ),
    "doctor": (
        "records.doctor:changed",
        lambda story: Reexamination.objects.filter(doctor__full_name="Lý Thu Hòa").count(),
    ),
    "need": ("care.need:unmet", lambda story: UnmetNeed.objects.count()),
}


@pytest.mark.parametrize("kind", ACTS)
def test_each_act_changes_the_record_and_tells_the_doctor_at_once(kind, story, mai, doctor, other_doctor):
    """B7, B8, B9: record, journal, finding and bell in one act."""
    story.claimed_by(mai)

    learnt = ACTS[kind](story, mai, other_doctor)

    event, changed = CHANGED[kind]
    assert changed(story) == 1
    assert Entry.objects.filter(event=event, actor=mai, patient_id=story.patient.pk).exists()
    assert Entry.objects.filter(event="care.finding:noted", actor=mai, subject_id=learnt.finding.pk).exists()
    assert learnt.finding.task_id == story.task.pk
    told = {item.member_id for item in BellItem.objects.all()}
    assert doctor.member_id in told
    assert mai.pk not in told
    assert set(BellItem.objects.values_list("patient_id", flat=True)) == {story.patient.pk}


@pytest.mark.parametrize("kind", ACTS)
@pytest.mark.parametrize("step", ["notify", "record"])
def test_nothing_is_kept_when_a_step_fails(kind, step, story, mai, other_doctor, monkeypatch):
    """B7: all or nothing. The last steps of the act fail: the record stands as before."""
    story.claimed_by(mai)
    before = Entry.objects.count()

    def fails(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(findings_module, step, fails)
    with pytest.raises(RuntimeError):
        ACTS[kind](story, mai, other_doctor)

    _event, changed = CHANGED[kind]
    assert changed(story) == 0
    assert Finding.objects.count() == 0
    assert BellItem.objects.count() == 0
    assert Entry.objects.count() == before


@pytest.mark.parametrize("kind", ["condition", "need"])
def test_the_same_form_sent_twice_counts_once(kind, story, mai):
    story.claimed_by(mai)
    sent = {
        "condition": lambda: report_condition_change(
            story.task, trend="worse", text="Mệt", once="abc", actor=mai
        ),
        "need": lambda: report_unmet_need(
            story.task, need="Khám tối", explanation="Chưa có", once="abc", actor=mai
        ),
    }[kind]

    first, second = sent(), sent()

    assert first.finding.pk == second.finding.pk
    assert second.told == []
    assert Finding.objects.count() == 1


def test_a_known_allergy_heard_again_tells_nobody(story, mai):
    story.claimed_by(mai)
    report_allergy(story.task, agent="Amoxicillin", actor=mai)

    assert report_allergy(story.task, agent="amoxicillin", actor=mai) is None
    assert Finding.objects.count() == 1


def test_a_new_allergy_is_read_by_the_doctor_in_plain_words(story, mai, doctor):
    learnt = report_allergy(
        story.task,
        agent="Amoxicillin",
        reaction="Nổi mẩn",
        severity="severe",
        certainty="confirmed",
        actor=mai,
    )

    assert learnt.finding.summary == "Amoxicillin (nặng, đã xác nhận): Nổi mẩn"
    assert learnt.finding.doctor == doctor
    assert learnt.names_told == "Nguyễn Hồng Sơn"


def test_an_allergy_noted_by_mistake_is_taken_back(story, mai):
    story.claimed_by(mai)
    report_allergy(story.task, agent="Amoxicillin", actor=mai)

    take_back_allergy(story.task, Allergy.objects.get(), reason="Nhầm với người khác", actor=mai)

    assert not Allergy.objects.get().warns
    assert Finding.objects.filter(kind=FindingKind.ALLERGY, details__refuted=True).exists()
    assert BellItem.objects.count() == 2


def test_the_old_and_the_new_doctor_are_told_and_what_is_unread_goes_along(story, mai, doctor, other_doctor):
    """B7: change the responsible doctor."""
    story.claimed_by(mai)
    report_condition_change(story.task, trend="worse", text="Mệt", actor=mai)

    report_new_doctor(story.task, doctor=other_doctor, reason="Muốn bác sĩ nữ", actor=mai)

    story.task.refresh_from_db()
    assert story.task.doctor == other_doctor
    assert set(Finding.objects.values_list("doctor_id", flat=True)) == {other_doctor.pk}
    told = set(
        BellItem.objects.filter(details__finding_kind="doctor_changed").values_list("member", flat=True)
    )
    assert told == {doctor.member_id, other_doctor.member_id}


def test_a_need_we_cannot_meet_comes_with_its_explanation(story, mai, manager):
    """B8: recorded, explained, reported, to the managers too."""
    story.claimed_by(mai)
    with pytest.raises(ExplanationNeeded):
        report_unmet_need(story.task, need="Khám buổi tối", explanation="  ", actor=mai)
    assert UnmetNeed.objects.count() == 0

    report_unmet_need(story.task, need="Khám buổi tối", explanation="Chưa có ca tối", actor=mai)

    assert BellItem.objects.filter(member=manager).exists()


def test_nobody_else_may_write_while_the_call_is_held(story, mai, manager):
    story.claimed_by(mai)

    with pytest.raises(TaskHeldByAnother):
        report_condition_change(story.task, trend="worse", text="Mệt", actor=manager)


def test_a_claim_that_ran_out_loses_nothing(story, mai, manager):
    """An expired claim: what the patient said is still recorded."""
    story.claimed_by(manager)
    CareTask.objects.filter(pk=story.task.pk).update(claimed_at=timezone.now() - timedelta(hours=2))

    learnt = report_condition_change(story.task, trend="better", text="Đỡ nhiều", actor=mai)

    assert learnt.finding.summary == "Đỡ hơn: Đỡ nhiều"


def test_there_is_no_date_to_move_without_a_reexamination(story, mai):
    story.reexamination.delete()
    story.task.refresh_from_db()

    with pytest.raises(NoReexamination):
        report_new_date(story.task, due_on=_soon(), actor=mai)


class TestWhoIsTold:
    """B7: never nobody where anyone could act."""

    def test_doctors_of_the_speciality_when_the_responsible_one_does_not_sign_in(
        self, site, cardiology, doctor, mai
    ):
        silent = PractitionerFactory(full_name="Trần Văn Im", site=site, speciality=cardiology)
        story = story_of(site, silent)

        learnt = report_condition_change(story.task, trend="worse", text="Mệt", actor=mai)

        assert [member.pk for member in learnt.told] == [doctor.member_id]
        assert learnt.finding.doctor == silent

    def test_managers_when_there_is_no_doctor_at_all(self, site, mai, manager):
        story = story_of(site, None)

        learnt = report_condition_change(story.task, trend="worse", text="Mệt", actor=mai)

        assert learnt.told == [manager]
        assert learnt.finding.doctor is None

    def test_nobody_is_told_of_their_own_act(self, site, manager):
        story = story_of(site, None)

        learnt = report_condition_change(story.task, trend="worse", text="Mệt", actor=manager)

        assert learnt.told == []


def test_a_doctor_who_read_it_is_journalled_once(story, mai, doctor):
    """B9: the doctor has seen what care learnt."""
    first = report_condition_change(story.task, trend="worse", text="Mệt", actor=mai).finding
    second = report_allergy(story.task, agent="Ibuprofen", actor=mai).finding

    assert see_findings([first, second], actor=doctor.member) == 2
    assert see_findings(list(Finding.objects.all()), actor=doctor.member) == 0

    assert Entry.objects.filter(event="care.findings:seen").count() == 2
    first.refresh_from_db()
    assert first.seen_by == doctor.member
    assert not Finding.objects.filter(seen_at__isnull=True).exists()
