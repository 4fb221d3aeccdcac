from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tantam.exchange"
    label = "exchange"
