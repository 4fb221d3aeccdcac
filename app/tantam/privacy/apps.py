from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tantam.privacy"
    label = "privacy"

    def ready(self) -> None:
        from tantam.journal.registries.labels import name_events
        from tantam.patients import privacy as patients
        from tantam.privacy import menu, privacy  # noqa: F401
        from tantam.privacy.events import PrivacyEvent
        from tantam.privacy.extends import looks, registration, tabs  # noqa: F401
        from tantam.privacy.registries.personal_data import register

        name_events(PrivacyEvent)
        register("patients", export=patients.export, shred=patients.shred)
        register("privacy", export=privacy.export, shred=privacy.shred)
