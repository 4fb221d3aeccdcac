from __future__ import annotations

from django.apps import AppConfig
from procrastinate import App

from tantam.journal.reactions import react_to_entry


class JournalConfig(AppConfig):
    name = "tantam.journal"
    label = "journal"


def on_jobs_ready(app: App) -> None:
    """Give the job queue its one general task; rooms add theirs in their `jobs.py`."""
    app.task(name="journal.react", queue="reactions", retry=5)(react_to_entry)
