"""The room `ui` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, static files and template tags of the interface."""

    name = "tantam.ui"
    label = "ui"
    verbose_name = "Interface"
