from __future__ import annotations

from django.urls import path

from tantam.patients.views import contact_points, details, finding, registering, relatives

app_name = "patients"
urlpatterns = [
    path("patients/", finding.find, name="find"),
    path("patients/new/", registering.register, name="register"),
    path("patients/new/likely/", registering.likely, name="likely"),
    path("patients/communes/", registering.communes_of, name="communes"),
    path("patients/<int:patient_id>/details/", details.details, name="details"),
    path("patients/<int:patient_id>/details/person/", details.person, name="person"),
    path("patients/<int:patient_id>/numbers/", details.numbers, name="numbers"),
    path("patients/<int:patient_id>/status/", details.status, name="status"),
    path("patients/<int:patient_id>/history/", details.history, name="history"),
    path("patients/<int:patient_id>/contact-points/", contact_points.contact_points, name="contact-points"),
    path(
        "patients/<int:patient_id>/contact-points/<int:point_id>/",
        contact_points.contact_point,
        name="contact-point",
    ),
    path(
        "patients/<int:patient_id>/contact-points/<int:point_id>/state/",
        contact_points.state,
        name="contact-point-state",
    ),
    path("patients/<int:patient_id>/relatives/", relatives.relatives, name="relatives"),
    path("patients/<int:patient_id>/relatives/<int:relative_id>/", relatives.relative, name="relative"),
    path(
        "patients/<int:patient_id>/relatives/<int:relative_id>/removal/",
        relatives.removal,
        name="relative-removal",
    ),
]
