from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tantam.accounts.models import Practitioner
from tantam.facility.models import Site
from tantam.lib.numbers import whole_number
from tantam.records.forms.fields import DoctorOfSite, clock_input
from tantam.records.models import Encounter, EncounterKind, MealRelation, PrescriptionLine
from tantam.records.queries.encounters import open_reexamination_of
from tantam.records.rules.slips import DiagnosisDraft, PrescriptionDraft, ReexaminationDraft, Slip
from tantam.ui.forms import DayInput, Picker

DIAGNOSIS_ROWS = 2
MEDICINE_ROWS = 3
MOST_ROWS = 30


class Former(models.TextChoices):
    """What becomes of the medicines the patient takes already when new ones are prescribed."""

    REPLACED = "replace", _("This prescription replaces them")
    KEPT = "keep", _("They are taken as well")


class SlipForm(DoctorOfSite):
    """The examination slip's own fields; diagnoses and medicines are rows beside it (J10)."""

    doctor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Responsible doctor"), required=False, widget=Picker()
    )
    kind = forms.ChoiceField(choices=EncounterKind.choices, label=_("Kind"))
    day = forms.DateField(label=_("Day"), widget=DayInput())
    clock = forms.TimeField(label=_("Time"), widget=clock_input())
    reason = forms.CharField(label=_("Reason for the visit"), max_length=500, required=False)
    symptoms = forms.CharField(
        label=_("Symptoms"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 3})
    )
    advice = forms.CharField(
        label=_("Advice to the patient"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In plain words: the patient and the care desk read this."),
    )
    clinical_notes = forms.CharField(
        label=_("Clinical notes"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Only for doctors and assistants."),
    )
    due_on = forms.DateField(label=_("Re-examination date"), required=False, widget=DayInput())
    due_time = forms.TimeField(label=_("Time"), required=False, widget=clock_input())
    purpose = forms.CharField(label=_("What for"), max_length=300, required=False)
    former = forms.ChoiceField(
        label=_("What about the medicines in use?"),
        choices=Former.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    anyway = forms.BooleanField(label=_("Still book it"), required=False)
    due_reason = forms.CharField(label=_("Why on a closed day or hour"), max_length=300, required=False)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput())
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput())

    @classmethod
    def blank(cls, site: Site, doctor: Practitioner | None, **initial: Any) -> SlipForm:
        now = timezone.localtime()
        return cls(
            site=site,
            initial={
                "doctor": doctor.pk if doctor else None,
                "kind": EncounterKind.DENTAL if site.kind == "dental" else EncounterKind.OUTPATIENT,
                "day": now.date(),
                "clock": now.time().replace(second=0, microsecond=0),
                "submission": uuid.uuid4(),
                **initial,
            },
        )

    @classmethod
    def of(cls, encounter: Encounter) -> SlipForm:
        begun = timezone.localtime(encounter.started_at)
        due = open_reexamination_of(encounter)
        return cls(
            site=encounter.site,
            initial={
                "doctor": encounter.doctor_id,
                "kind": encounter.kind,
                "day": begun.date(),
                "clock": begun.time(),
                "reason": encounter.reason,
                "symptoms": encounter.symptoms,
                "advice": encounter.advice,
                "clinical_notes": encounter.clinical_notes,
                "due_on": due.due_on if due else None,
                "due_time": due.at_time if due else None,
                "purpose": due.purpose if due else "",
                "revision": encounter.revision,
            },
        )

    @property
    def started_at(self) -> datetime:
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"])
        return timezone.make_aware(moment)


class DiagnosisForm(forms.Form):
    code = forms.CharField(label=_("ICD-10 code"), max_length=30, required=False)
    text = forms.CharField(label=_("Diagnosis"), max_length=300, required=False)
    id = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def draft(self) -> DiagnosisDraft:
        data = self.cleaned_data
        return DiagnosisDraft(code=data["code"], text=data["text"], id=data["id"])


class MedicineForm(forms.Form):
    drug = forms.CharField(label=_("Medicine"), max_length=300, required=False)
    amount = forms.CharField(label=_("Amount each time"), max_length=80, required=False)
    times_a_day = forms.IntegerField(label=_("Times a day"), min_value=1, max_value=24, required=False)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=365, required=False)
    meals = forms.ChoiceField(label=_("Meals"), choices=MealRelation.choices, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    despite_allergy = forms.CharField(label=_("Why in spite of the allergy"), max_length=300, required=False)
    id = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def draft(self) -> PrescriptionDraft:
        data = self.cleaned_data
        return PrescriptionDraft(
            drug=data["drug"],
            amount=data["amount"],
            times_a_day=data["times_a_day"],
            days=data["days"],
            meals=data["meals"],
            note=data["note"],
            despite_allergy=data["despite_allergy"],
            id=data["id"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("drug") and any(data.get(name) for name in ("amount", "times_a_day", "days", "note")):
            self.add_error("drug", _("Write which medicine this is, or empty the row."))
        return data


DiagnosisRows = forms.formset_factory(DiagnosisForm, extra=0, max_num=MOST_ROWS, validate_max=True)
MedicineRows = forms.formset_factory(MedicineForm, extra=0, max_num=MOST_ROWS, validate_max=True)


class SlipForms:
    """The slip and its rows as one: shown, sent, given another row, read back as a `Slip`."""

    def __init__(self, slip: SlipForm, diagnoses: Any, medicines: Any, site: Site) -> None:
        self.running: list[PrescriptionLine] = []
        self.replaced: list[int] = []
        self.slip = slip
        self.diagnoses = diagnoses
        self.medicines = medicines
        self.site = site

    @classmethod
    def blank(cls, site: Site, doctor: Practitioner | None, **initial: Any) -> SlipForms:
        return cls._shown(
            SlipForm.blank(site, doctor, **initial), [{}] * DIAGNOSIS_ROWS, [{}] * MEDICINE_ROWS, site
        )

    @classmethod
    def of(cls, encounter: Encounter) -> SlipForms:
        diagnoses = [
            {"code": row.code, "text": row.text, "id": row.pk}
            for row in encounter.diagnoses.order_by("-is_main", "pk")
        ]
        medicines = [
            {name: getattr(row, name) for name in MedicineForm.base_fields}
            for row in encounter.prescription_lines.order_by("pk")
        ]
        return cls._shown(SlipForm.of(encounter), [*diagnoses, {}], [*medicines, {}], encounter.site)

    @classmethod
    def sent(cls, data: QueryDict, site: Site, running: Sequence[PrescriptionLine] = ()) -> SlipForms:
        """What was sent; `running` are the medicines in use, of which the form says what becomes of them."""
        sent = cls(
            SlipForm(data, site=site),
            DiagnosisRows(data, prefix="diagnosis"),
            MedicineRows(data, prefix="medicine"),
            site,
        )
        # Only what stood on the page is replaced: what another doctor prescribed meanwhile goes on.
        shown = set(map(whole_number, data.getlist("running")))
        sent.running = list(running)
        sent.replaced = [line.pk for line in running if line.pk in shown]
        return sent

    @classmethod
    def with_another_row(cls, data: Mapping[str, Any], site: Site, kind: str) -> SlipForms:
        """What was typed so far, unchecked, with one more row of `kind`. Works without JavaScript."""
        typed = {name: data.get(name) for name in SlipForm.base_fields}
        diagnoses = _typed_rows(data, "diagnosis", DiagnosisForm)
        medicines = _typed_rows(data, "medicine", MedicineForm)
        (medicines if kind == "medicine" else diagnoses).append({})
        return cls._shown(SlipForm(initial=typed, site=site), diagnoses, medicines, site)

    @classmethod
    def with_former(
        cls, data: Mapping[str, Any], site: Site, running: Sequence[PrescriptionLine]
    ) -> SlipForms:
        """What was typed so far, with the medicines in use written once more: the prescription that goes on."""
        typed = {name: data.get(name) for name in SlipForm.base_fields} | {"former": Former.REPLACED}
        written = [row for row in _typed_rows(data, "medicine", MedicineForm) if row.get("drug")]
        known = {row["drug"] for row in written}
        copied = [_as_row(line) for line in running if line.drug not in known]
        once = list({row["drug"]: row for row in copied}.values())
        return cls._shown(
            SlipForm(initial=typed, site=site),
            _typed_rows(data, "diagnosis", DiagnosisForm),
            [*written, *once, {}],
            site,
        )

    @classmethod
    def _shown(
        cls, slip: SlipForm, diagnoses: list[dict[str, Any]], medicines: list[dict[str, Any]], site: Site
    ) -> SlipForms:
        shown = cls(slip, None, None, site)
        shown.diagnoses = DiagnosisRows(initial=diagnoses[:MOST_ROWS], prefix="diagnosis")
        shown.medicines = MedicineRows(initial=medicines[:MOST_ROWS], prefix="medicine")
        return shown

    def are_valid(self) -> bool:
        valid = all([self.slip.is_valid(), self.diagnoses.is_valid(), self.medicines.is_valid()])
        if valid and self.replaced and any(self.drugs) and not self.slip.cleaned_data["former"]:
            self.slip.add_error(
                "former",
                _("Say whether the new prescription replaces the medicines in use or is taken as well."),
            )
            return False
        return valid

    @property
    def has_errors(self) -> bool:
        return bool(
            self.slip.errors
            or any(self.diagnoses.errors)
            or any(self.medicines.errors)
            or self.diagnoses.non_form_errors()
            or self.medicines.non_form_errors()
        )

    def as_slip(self) -> Slip:
        data = self.slip.cleaned_data
        due: date | None = data["due_on"]
        return Slip(
            site=self.site,
            started_at=self.slip.started_at,
            doctor=data["doctor"],
            kind=data["kind"],
            reason=data["reason"],
            symptoms=data["symptoms"],
            advice=data["advice"],
            clinical_notes=data["clinical_notes"],
            diagnoses=[form.draft() for form in self.diagnoses],
            prescription=[form.draft() for form in self.medicines],
            reexamination=ReexaminationDraft(
                due, data["due_time"], data["purpose"], data["anyway"], data["due_reason"]
            )
            if due
            else None,
            submission=data["submission"],
            replaces=self.replaced if data["former"] == Former.REPLACED else (),
        )

    @cached_property
    def drugs(self) -> list[str]:
        return [str(form["drug"].value() or "") for form in self.medicines]


def _as_row(line: PrescriptionLine) -> dict[str, Any]:
    """A medicine in use as a row to prescribe again. A reason to give it in spite of an allergy is given anew."""
    return {name: getattr(line, name) for name in ("drug", "amount", "times_a_day", "days", "meals", "note")}


def _typed_rows(data: Mapping[str, Any], prefix: str, kind: type[forms.Form]) -> list[dict[str, Any]]:
    try:
        count = min(int(data.get(f"{prefix}-TOTAL_FORMS", 0)), MOST_ROWS)
    except ValueError:
        count = 0
    return [
        {name: data.get(f"{prefix}-{row}-{name}", "") for name in kind.base_fields} for row in range(count)
    ]
