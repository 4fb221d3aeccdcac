from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tantam.care"
    label = "care"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from tantam.care import bell, menu, privacy, reactions, timeline  # noqa: F401
        from tantam.care.events import CareEvent
        from tantam.journal.registries.labels import name_events
        from tantam.patients.looks import name_look
        from tantam.privacy.registries.personal_data import register

        name_events(CareEvent)
        register("care", export=privacy.export, shred=privacy.shred)
        name_look("question", _("Question to answer"))
        name_look("care_task", _("Care contact assigned or closed"))
        name_look("message", _("Message to the patient"))
