"""The live process: server-sent events fed by PostgreSQL's LISTEN/NOTIFY; no tables, no sessions."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from tantam.journal.serving.stream import application as application
