from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tantam.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tantam.exchange import menu  # noqa: F401
        from tantam.exchange.events import ExchangeEvent
        from tantam.journal.labels import name_events

        name_events(ExchangeEvent)
