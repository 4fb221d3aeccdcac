from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tantam.accounts"
    label = "accounts"

    def ready(self) -> None:
        from tantam.accounts import menu  # noqa: F401
        from tantam.accounts.door import live_ticket
        from tantam.accounts.events import AccountEvent
        from tantam.facility.events import FacilityEvent
        from tantam.facility.queries import organisation
        from tantam.journal.registries.labels import name_events
        from tantam.ui import links
        from tantam.ui.sources import provide

        name_events(AccountEvent, FacilityEvent)
        links.register(
            account="accounts:profile",
            language="accounts:language",
            preferences="accounts:preferences",
            sessions="accounts:sessions",
        )
        provide(organisation_name=lambda request: str(organisation() or ""), live_ticket=live_ticket)
