from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tantam.records"
    label = "records"
