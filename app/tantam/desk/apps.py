from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tantam.desk"
    label = "desk"

    def ready(self) -> None:
        from tantam.desk.settings import menu  # noqa: F401
