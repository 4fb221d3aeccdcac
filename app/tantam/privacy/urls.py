from __future__ import annotations

from django.urls import path

from tantam.privacy import views, views_evidence

app_name = "privacy"
urlpatterns = [
    path("patients/<int:patient_id>/consents/", views.consents, name="consents"),
    path("patients/<int:patient_id>/consents/<slug:purpose>/", views.decision, name="decision"),
    path(
        "patients/<int:patient_id>/consents/<slug:purpose>/withdrawal/", views.withdrawal, name="withdrawal"
    ),
    path("patients/<int:patient_id>/consents/<slug:purpose>/text/", views.printed_text, name="printed-text"),
    path(
        "patients/<int:patient_id>/consents/decisions/<int:consent_id>/evidence/",
        views_evidence.add,
        name="evidence-new",
    ),
    path(
        "patients/<int:patient_id>/consents/evidence/<int:evidence_id>/",
        views_evidence.show,
        name="evidence",
    ),
    path("patients/<int:patient_id>/looks/", views.looks, name="looks"),
    path("patients/<int:patient_id>/looks/file/", views.looks_file, name="looks-file"),
    path("settings/consent-texts/", views.texts, name="texts"),
    path("settings/consent-texts/<slug:purpose>/", views.text, name="text"),
]
