from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tantam.desk"
    label = "desk"
