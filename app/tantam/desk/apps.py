from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tantam.desk"
    label = "desk"

    def ready(self) -> None:
        from tantam.desk import menu as own_menu  # noqa: F401
        from tantam.desk.extends import header, tabs  # noqa: F401
        from tantam.desk.settings import menu  # noqa: F401
        from tantam.ui import links

        links.register(home="desk:home", bell="desk:bell", patient="desk:patient")
