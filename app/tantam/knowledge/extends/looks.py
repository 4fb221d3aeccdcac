from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.patients.registries.looks import name_look

name_look("guide_preview", _("Preview of a conversation guide"))
