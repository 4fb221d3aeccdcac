from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tantam.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from tantam.journal.registries.labels import name_events
        from tantam.knowledge import menu  # noqa: F401
        from tantam.knowledge.events import KnowledgeEvent
        from tantam.knowledge.extends import looks  # noqa: F401

        name_events(KnowledgeEvent)
