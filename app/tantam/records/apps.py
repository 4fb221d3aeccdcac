from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tantam.records"
    label = "records"

    def ready(self) -> None:
        from tantam.journal.registries.labels import name_events
        from tantam.privacy.registries.personal_data import register
        from tantam.records import privacy
        from tantam.records.events import RecordEvent
        from tantam.records.extends import header, looks, registration, tabs, timeline  # noqa: F401

        name_events(RecordEvent)
        register("records", export=privacy.export, shred=privacy.shred, kept_until=privacy.kept_until)
