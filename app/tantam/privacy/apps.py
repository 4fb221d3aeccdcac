from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tantam.privacy"
    label = "privacy"
