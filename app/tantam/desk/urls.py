from __future__ import annotations

from django.urls import path

from tantam.desk.views import bell, doctor_day, home, patient, search

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("first-steps/", home.first_steps_away, name="first-steps"),
    path("search/", search.search, name="search"),
    path("patients/<int:patient_id>/", patient.patient, name="patient"),
    path("patients/<int:patient_id>/summary/", patient.summary, name="patient-summary"),
    path("patients/<int:patient_id>/timeline/", patient.timeline_page, name="timeline"),
    path("my-patients/", doctor_day.doctor_day, name="doctor-day"),
    path("my-patients/<int:patient_id>/", doctor_day.details, name="doctor-day-patient"),
    path("my-patients/<int:patient_id>/seen/", doctor_day.seen, name="doctor-day-seen"),
    path("bell/", bell.bell, name="bell"),
    path("bell/read/", bell.read, name="bell-read"),
]
