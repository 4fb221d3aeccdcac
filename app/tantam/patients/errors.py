from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal

if TYPE_CHECKING:
    from tantam.patients.queries.likely import LikelyDuplicate


class NameNeeded(Refusal):
    message = _("Write the patient's name.")


class NameTooLong(Refusal):
    message = _("This name has %(length)s characters; at most %(limit)s fit here.")


class EmailInvalid(Refusal):
    message = _("“%(value)s” is not an email address. Write it like ten@vidu.vn.")


class IdentityNumberHeld(Refusal):
    """An active patient has this identity number; `patient_id` names them."""

    message = _("This identity number belongs to %(name)s (%(code)s). Open that patient instead.")

    @property
    def patient_id(self) -> int:
        return int(str(self.params["patient_id"]))


class LikelyDuplicates(Refusal):
    """People much like this one are registered; the act goes on only when told it is another person."""

    message = _(
        "Someone very like this is already registered. Open them, or confirm that this is another person."
    )

    def __init__(
        self, *, field: str | None = None, found: list[LikelyDuplicate] | None = None, **params: object
    ) -> None:
        super().__init__(field=field, **params)
        self.found: list[LikelyDuplicate] = found or []


class ChangedMeanwhile(Refusal):
    status: ClassVar[int] = 409
    message = _(
        "Someone else changed this patient while you were writing: %(fields)s. "
        "What you typed is still here; compare it and save again."
    )


class ContactPointKnown(Refusal):
    message = _("This patient already has %(value)s.")


class ContactPointWrong(Refusal):
    message = _("This number is marked as wrong. Say first that it works again.")


class RelativeKnown(Refusal):
    message = _("%(name)s is noted already with this relationship. Correct that line instead.")


class DiedBeforeBirth(Refusal):
    message = _("The date of death lies before the birth.")


class DiedInFuture(Refusal):
    message = _("The date of death lies in the future.")


class IdentityNumberHeldMeanwhile(IdentityNumberHeld):
    message = _(
        "While this patient was not active, %(name)s (%(code)s) was registered with the same identity number."
    )


class IdentifierNeeded(Refusal):
    message = _("Write the number or code, in at most 80 characters.")


class IdentifierHeld(Refusal):
    """In its code space a code means one person; `patient_id` names the one who has it."""

    message = _("This number belongs to %(name)s (%(code)s) already.")

    @property
    def patient_id(self) -> int:
        return int(str(self.params["patient_id"]))
