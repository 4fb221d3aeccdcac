from __future__ import annotations

from django.urls import path

from tantam.privacy.views import consents, evidence, looks, texts

app_name = "privacy"
urlpatterns = [
    path("patients/<int:patient_id>/consents/", consents.consents, name="consents"),
    path("patients/<int:patient_id>/consents/<slug:purpose>/", consents.decision, name="decision"),
    path(
        "patients/<int:patient_id>/consents/<slug:purpose>/withdrawal/",
        consents.withdrawal,
        name="withdrawal",
    ),
    path(
        "patients/<int:patient_id>/consents/<slug:purpose>/text/", consents.printed_text, name="printed-text"
    ),
    path(
        "patients/<int:patient_id>/consents/decisions/<int:consent_id>/evidence/",
        evidence.add,
        name="evidence-new",
    ),
    path(
        "patients/<int:patient_id>/consents/evidence/<int:evidence_id>/",
        evidence.show,
        name="evidence",
    ),
    path("patients/<int:patient_id>/looks/", looks.looks, name="looks"),
    path("patients/<int:patient_id>/looks/file/", looks.looks_file, name="looks-file"),
    path("settings/consent-texts/", texts.texts, name="texts"),
    path("settings/consent-texts/<slug:purpose>/", texts.text, name="text"),
]
