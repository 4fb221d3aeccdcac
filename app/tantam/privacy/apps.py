from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tantam.privacy"
    label = "privacy"

    def ready(self) -> None:
        from tantam.journal.events import JournalEvent
        from tantam.journal.registries.labels import name_events
        from tantam.patients import privacy as patients
        from tantam.privacy import menu, privacy  # noqa: F401
        from tantam.privacy.events import PrivacyEvent
        from tantam.privacy.extends import bell, looks, registration, tabs  # noqa: F401
        from tantam.privacy.registries.personal_data import register

        name_events(PrivacyEvent, JournalEvent)
        register("patients", export=patients.export, shred=patients.shred)
        register("journal", export=bell.export, shred=bell.shred)
        register("privacy", export=privacy.export, shred=privacy.shred)
