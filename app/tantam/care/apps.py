from importlib.util import find_spec

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tantam.care"
    label = "care"

    def ready(self) -> None:
        for part in ("menu", "reactions", "privacy", "bell", "timeline"):
            if find_spec(f"tantam.care.{part}"):
                __import__(f"tantam.care.{part}")
