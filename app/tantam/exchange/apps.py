from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tantam.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tantam.exchange import menu, privacy  # noqa: F401
        from tantam.exchange.engine import vault
        from tantam.exchange.events import ExchangeEvent
        from tantam.journal.registries.labels import name_events
        from tantam.privacy.registries.personal_data import register
        from tantam.privacy.registries.resealing import register_sealed_files

        name_events(ExchangeEvent)
        register("exchange", export=privacy.export, shred=privacy.shred)
        register_sealed_files("exchange.files", vault.reseal_waiting)
