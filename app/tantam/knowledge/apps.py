from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tantam.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from tantam.journal.registries.labels import name_events
        from tantam.knowledge import menu  # noqa: F401
        from tantam.knowledge.events import KnowledgeEvent
        from tantam.patients.looks import name_look

        name_events(KnowledgeEvent)
        name_look("guide_preview", _("Preview of a conversation guide"))
