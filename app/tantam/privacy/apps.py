from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "tantam.privacy"
    label = "privacy"

    def ready(self) -> None:
        from tantam.accounts.permissions import Permission
        from tantam.journal.labels import name_events
        from tantam.patients import privacy as patients
        from tantam.patients.registries.looks import name_look
        from tantam.patients.registries.tabs import PatientTab, register_tab
        from tantam.privacy import menu, privacy, registration  # noqa: F401
        from tantam.privacy.events import PrivacyEvent
        from tantam.privacy.registry import register

        name_events(PrivacyEvent)
        name_look("consent_evidence", _("Proof of a consent opened"))
        register_tab(PatientTab("consents", _("Consents"), "privacy:consents", Permission.PATIENT_FIND, 60))
        register_tab(PatientTab("looks", _("Who looked"), "privacy:looks", Permission.LOOKS_SEE, 90))
        register("patients", export=patients.export, shred=patients.shred)
        register("privacy", export=privacy.export, shred=privacy.shred)
