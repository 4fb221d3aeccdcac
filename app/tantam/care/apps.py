from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tantam.care"
    label = "care"
