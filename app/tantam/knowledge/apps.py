from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tantam.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from tantam.knowledge import menu  # noqa: F401
