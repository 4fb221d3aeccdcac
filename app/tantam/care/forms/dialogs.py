"""The things recorded at once in a call: which there are, their forms, and what is said when one is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tantam.accounts.models import Member
from tantam.care.access import doctors_at
from tantam.care.forms.calls import (
    ActForm,
    AllergyForm,
    ConditionForm,
    NeedForm,
    NewDateForm,
    NewDoctorForm,
    QuestionForm,
)
from tantam.care.models import CareTask
from tantam.care.operations.changes import (
    report_allergy,
    report_condition_change,
    report_new_date,
    report_new_doctor,
    report_unmet_need,
)
from tantam.care.operations.findings import Learnt
from tantam.care.operations.questions import ask_question
from tantam.care.queries.holding import reexamination_of
from tantam.care.queries.moving import quick_days
from tantam.records.models import PrescriptionLine

DRUGS_OFFERED = 12
Text = str | Promise
Fields = Mapping[str, Any]


def _nothing_more(task: CareTask, member: Member) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Act:
    """One button of “record at once”: its words, key, form, act and dialog."""

    kind: str
    label: Text
    title: Text
    icon: str
    key: str
    done: Text
    form_class: type[ActForm]
    act: Callable[..., Learnt | None]
    template: str
    around: Callable[[CareTask, Member], dict[str, Any]] = _nothing_more
    known: Text = ""

    @property
    def address(self) -> str:
        """Where its form is, seen from the call's own page."""
        return f"record/{self.kind}/"

    def form(self, task: CareTask, data: Any) -> ActForm:
        """The form, empty or as sent."""
        if self.form_class is NewDoctorForm:
            return NewDoctorForm(data, site_id=task.site_id)
        if self.form_class is NewDateForm:
            coming = reexamination_of(task)
            initial = {"at_time": f"{coming.at_time:%H:%M}"} if coming and coming.at_time else {}
            return NewDateForm(data, initial=initial)
        return self.form_class(data)

    def perform(self, task: CareTask, fields: Fields, member: Member) -> Learnt | None:
        return self.act(task, **fields, actor=member)

    def said(self, learnt: Learnt | None) -> str:
        return str(self.done if learnt is not None or not self.known else self.known)


def _medicines(task: CareTask, member: Member) -> dict[str, Any]:
    rows = PrescriptionLine.objects.visible_to(member).in_use_on(timezone.localdate())
    drugs = (
        rows.filter(patient_id=task.patient_id)
        .values("drug")
        .annotate(last=Max("started_on"))
        .order_by(F("last").desc(nulls_first=True), "drug")
        .values_list("drug", flat=True)
    )
    return {"drugs": list(drugs[:DRUGS_OFFERED])}


def _date(task: CareTask, member: Member) -> dict[str, Any]:
    coming = reexamination_of(task)
    if coming is None:
        return {"coming": None}
    return {"coming": coming, "quick_days": quick_days(task.site, coming.due_on)}


def _doctors(task: CareTask, member: Member) -> dict[str, Any]:
    coming = reexamination_of(task)
    responsible = (coming.doctor_id if coming else None) or task.doctor_id
    return {"doctors": doctors_at(task), "responsible": responsible}


ACTS: dict[str, Act] = {
    one.kind: one
    for one in (
        Act(
            "condition",
            gettext_lazy("Condition changed"),
            gettext_lazy("The condition has changed"),
            "activity",
            "b",
            gettext_lazy("The change is in the record."),
            ConditionForm,
            report_condition_change,
            "care/call_condition.html",
        ),
        Act(
            "allergy",
            gettext_lazy("Drug allergy"),
            gettext_lazy("Drug allergy"),
            "triangle-alert",
            "d",
            gettext_lazy("The allergy is in the record and warns from now on."),
            AllergyForm,
            report_allergy,
            "care/call_allergy.html",
            _medicines,
            gettext_lazy("Exactly this was already in the record."),
        ),
        Act(
            "date",
            gettext_lazy("Move the date"),
            gettext_lazy("Move the re-examination"),
            "calendar-sync",
            "t",
            gettext_lazy("The re-examination is moved."),
            NewDateForm,
            report_new_date,
            "care/call_date.html",
            _date,
            gettext_lazy("That is the date already planned."),
        ),
        Act(
            "doctor",
            gettext_lazy("Change the doctor"),
            gettext_lazy("Change the responsible doctor"),
            "user-round-cog",
            "s",
            gettext_lazy("The responsible doctor is changed."),
            NewDoctorForm,
            report_new_doctor,
            "care/call_doctor.html",
            _doctors,
        ),
        Act(
            "need",
            gettext_lazy("Need we cannot meet"),
            gettext_lazy("A need we cannot meet"),
            "hand-heart",
            "n",
            gettext_lazy("The need is noted and reported."),
            NeedForm,
            report_unmet_need,
            "care/call_need.html",
        ),
        Act(
            "question",
            gettext_lazy("Patient's question"),
            gettext_lazy("The patient's question"),
            "message-circle-question-mark",
            "h",
            gettext_lazy("The question is passed on to the doctor."),
            QuestionForm,
            ask_question,
            "care/call_question.html",
            known=gettext_lazy("The question and its answer are kept."),
        ),
    )
}
