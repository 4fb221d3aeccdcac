from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "tantam.patients"
    label = "patients"

    def ready(self) -> None:
        from tantam.journal.registries.labels import name_events
        from tantam.patients import menu  # noqa: F401
        from tantam.patients.events import PatientsEvent

        name_events(PatientsEvent)
