from django.apps import AppConfig


class FacilityConfig(AppConfig):
    name = "tantam.facility"
    label = "facility"
