from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "tantam.demo"
    label = "demo"

    def ready(self) -> None:
        from tantam.demo.events import DemoEvent
        from tantam.journal.registries.labels import name_events

        name_events(DemoEvent)
