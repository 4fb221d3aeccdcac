from __future__ import annotations

from django.urls import path

from tantam.records.views import allergies, encounters, reexaminations, slips

app_name = "records"

urlpatterns = [
    path("patients/<int:patient_id>/encounters/new/", slips.write, name="slip"),
    path("encounters/<int:encounter_id>/", encounters.encounter, name="encounter"),
    path("encounters/<int:encounter_id>/print/", encounters.printed, name="encounter-print"),
    path("encounters/<int:encounter_id>/correction/", slips.correct, name="correction"),
    path(
        "encounters/<int:encounter_id>/cancellation/", encounters.cancellation, name="encounter-cancellation"
    ),
    path("diagnoses/codes/", encounters.codes, name="codes"),
    path("diagnoses/<int:diagnosis_id>/resolution/", encounters.resolution, name="resolution"),
    path("prescriptions/<int:line_id>/stop/", encounters.stop, name="stop"),
    path("patients/<int:patient_id>/allergies/", allergies.allergies, name="allergies"),
    path("patients/<int:patient_id>/allergies/new/", allergies.note, name="allergy-new"),
    path("patients/<int:patient_id>/allergies/none/", allergies.none_known, name="allergies-none"),
    path("patients/<int:patient_id>/allergy-check/<int:row>/", allergies.check, name="allergy-check"),
    path("allergies/<int:allergy_id>/", allergies.correction, name="allergy"),
    path("allergies/<int:allergy_id>/refutation/", allergies.refutation, name="allergy-refutation"),
    path("patients/<int:patient_id>/reexaminations/new/", reexaminations.plan, name="reexamination-new"),
    path("reexaminations/<int:reexamination_id>/date/", reexaminations.move, name="reexamination-move"),
    path("reexaminations/<int:reexamination_id>/day/", reexaminations.day_check, name="reexamination-day"),
    path(
        "reexaminations/<int:reexamination_id>/confirmation/",
        reexaminations.confirmation,
        name="reexamination-confirmation",
    ),
    path(
        "reexaminations/<int:reexamination_id>/cancellation/",
        reexaminations.cancellation,
        name="reexamination-cancellation",
    ),
    path("reexaminations/<int:reexamination_id>/doctor/", reexaminations.doctor, name="reexamination-doctor"),
]
