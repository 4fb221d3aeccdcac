from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tantam.desk"
    label = "desk"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from tantam.accounts.permissions import Permission
        from tantam.desk import menu as own_menu  # noqa: F401
        from tantam.desk.settings import menu  # noqa: F401
        from tantam.patients.registries.tabs import PatientTab, register_tab

        register_tab(PatientTab("patient", _("Overview"), "desk:patient", Permission.PATIENT_FIND, 10))
        register_tab(PatientTab("timeline", _("Timeline"), "desk:timeline", Permission.PATIENT_FIND, 20))
