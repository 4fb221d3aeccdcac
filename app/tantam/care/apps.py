from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tantam.care"
    label = "care"

    def ready(self) -> None:
        from tantam.care import menu, privacy, reactions  # noqa: F401
        from tantam.care.events import CareEvent
        from tantam.care.extends import bell, looks, timeline  # noqa: F401
        from tantam.journal.registries.labels import name_events
        from tantam.privacy.registries.personal_data import register

        name_events(CareEvent)
        register("care", export=privacy.export, shred=privacy.shred)
