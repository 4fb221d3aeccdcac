from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tantam.accounts.door import StaffRequest, requires
from tantam.accounts.permissions import Permission
from tantam.desk.settings.forms import OrganisationForm
from tantam.desk.settings.views.saving import edited
from tantam.facility import access


@requires(Permission.FACILITY_MANAGE, everywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: StaffRequest) -> HttpResponse:
    """What all sites share: only who manages every site changes it."""
    form = OrganisationForm(request.POST or None, instance=access.organisation_for(request.member))
    return edited(request, form, title=_("Organisation"), back=reverse("facility:organisation"))
