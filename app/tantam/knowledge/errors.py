from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal


class GuideChangedMeanwhile(Refusal):
    """Somebody published a newer version while this one was being edited."""

    message = _(
        "A colleague published version %(number)s while you were editing. Your text is still here: "
        "compare it with theirs, then publish again."
    )
    status = 409


class GuideSaysNothing(Refusal):
    """A guide needs at least one goal and one question."""

    message = _("A guide needs at least one goal and one question.")


class GuideUnchanged(Refusal):
    """Nothing differs from the version in use, so there is nothing to publish."""

    message = _("Nothing has changed since the version in use.")
