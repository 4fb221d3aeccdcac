from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tantam.records"
    label = "records"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from tantam.patients.looks import name_look
        from tantam.records.queries.history import register_sources

        register_sources()
        name_look("encounter_print", _("Visit printed"))
        name_look("slip", _("Examination slip"))
        name_look("allergies", _("Allergies"))
        name_look("timeline", _("Timeline"))
