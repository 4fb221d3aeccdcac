from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tantam.accounts.authentication.tokens import hash_of
from tantam.accounts.models.members import Member


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def by_token(self, token: str, *, lock: bool = False) -> Invitation | None:
        """The open invitation behind a link, or None when it was never made, is used, withdrawn or too old."""
        rows = self.select_for_update(of=("self",)) if lock else self
        invitation = rows.filter(token_hash=hash_of(token)).first()
        return invitation if invitation is not None and invitation.is_open else None


class Invitation(models.Model):
    """A link that lets one person make their own account, once, within its time. Only its hash is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    email = models.EmailField(_("Email"), blank=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    grants = models.JSONField(default=list)
    is_first_administrator = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
