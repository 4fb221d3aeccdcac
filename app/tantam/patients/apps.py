from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "tantam.patients"
    label = "patients"
