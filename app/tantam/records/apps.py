from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tantam.records"
    label = "records"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from tantam.accounts.permissions import Permission
        from tantam.journal.registries.labels import name_events
        from tantam.patients.registries.allergies import allergies_come_from
        from tantam.patients.registries.looks import name_look
        from tantam.patients.registries.tabs import PatientTab, register_tab
        from tantam.privacy.registries.personal_data import register
        from tantam.records import privacy
        from tantam.records.events import RecordEvent
        from tantam.records.queries.header import allergies_that_warn
        from tantam.records.queries.history import register_sources

        name_events(RecordEvent)
        register("records", export=privacy.export, shred=privacy.shred, kept_until=privacy.kept_until)
        register_sources()
        allergies_come_from(allergies_that_warn)
        register_tab(PatientTab("allergies", _("Allergies"), "records:allergies", Permission.RECORD_SEE, 30))
        name_look("encounter_print", _("Visit printed"))
        name_look("slip", _("Examination slip"))
        name_look("allergies", _("Allergies"))
        name_look("reexamination", _("Re-examination date"))
        name_look("timeline", _("Timeline"))
