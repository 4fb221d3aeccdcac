"""What each address with an id answers when the row is there, written by hand: GET, POST, and from which branch.

Who may come at all stands in `matrix.py`. Of those, everyone may read what is here; `writes` names the roles that
may also send it. `branch` says that the row belongs to a site: from the other branch it is not found. `everywhere`
says that sending changes what holds for the whole organisation: it takes the role at every site; `alone` that
already the door asks for that.

A form sent with nothing in it is shown again with what is missing (422); a button has done its work (302, 200).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tantam.accounts.permissions import Role
from tests.permissions.matrix import CALL

NO_SUCH_METHOD = 405


@dataclass(frozen=True, slots=True)
class Answer:
    get: int
    post: int
    branch: bool = False
    everywhere: bool = False
    alone: bool = False
    writes: frozenset[Role] | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    """Which row of the world stands for an id, where it is not the one of that name."""


def page(**more: object) -> Answer:
    """Read only."""
    return Answer(200, NO_SUCH_METHOD, **more)  # type: ignore[arg-type]


def form(**more: object) -> Answer:
    """Read, and sent: empty, it is refused in words."""
    return Answer(200, 422, **more)  # type: ignore[arg-type]


def button(post: int = 302, **more: object) -> Answer:
    """Only pressed; it answers with the page one is sent to."""
    return Answer(NO_SUCH_METHOD, post, **more)  # type: ignore[arg-type]


ANSWERS: dict[str, Answer] = {
    # Who a patient is, and what they agreed to, is the whole organisation's: one person comes to any site.
    "desk:patient": page(),
    "desk:patient-summary": page(),
    "desk:timeline": page(),
    "desk:doctor-day-patient": Answer(302, NO_SUCH_METHOD),
    "desk:doctor-day-seen": button(),
    "patients:details": page(),
    "patients:person": form(),
    "patients:numbers": button(200),
    "patients:status": form(),
    "patients:history": page(),
    "patients:contact-points": form(),
    "patients:contact-point": form(),
    "patients:contact-point-state": button(302, sent={"state": "wrong"}),
    "patients:relatives": form(),
    "patients:relative": form(),
    "patients:relative-removal": button(),
    "privacy:consents": page(),
    "privacy:decision": form(),
    "privacy:withdrawal": form(),
    "privacy:printed-text": page(),
    "privacy:evidence-new": form(),
    "privacy:evidence": page(),
    "privacy:looks": page(),
    "privacy:looks-file": page(),
    "privacy:text": form(everywhere=True),
    "privacy:person": page(),
    "privacy:person-copy": button(200),
    "privacy:destruction": button(422),
    # What happened to them is the site's. Allergies warn everywhere.
    "records:slip": form(),
    "records:encounter": page(branch=True),
    "records:encounter-print": page(branch=True),
    "records:correction": form(branch=True),
    "records:encounter-cancellation": form(branch=True),
    "records:resolution": Answer(200, 302, branch=True),
    "records:stop": Answer(200, 302, branch=True),
    "records:allergies": page(),
    "records:allergy-new": form(),
    "records:allergies-none": button(),
    "records:allergy-check": page(),
    "records:allergy": form(),
    "records:allergy-refutation": form(),
    "records:reexamination-new": form(),
    "records:reexamination-move": form(branch=True),
    "records:reexamination-day": page(branch=True),
    "records:reexamination-confirmation": button(branch=True),
    "records:reexamination-cancellation": form(branch=True),
    "records:reexamination-doctor": form(branch=True),
    "care:task": page(branch=True),
    "care:claim": button(branch=True),
    "care:release": button(branch=True),
    "care:assignment": button(branch=True),
    "care:closing": button(422, branch=True),
    "care:message": form(branch=True, writes=frozenset(CALL), ids={"task_id": "message_id"}),
    "care:call": page(branch=True),
    "care:call-claim": button(branch=True),
    "care:said": page(),
    "care:completion": button(422, branch=True),
    "care:attempts": button(422, branch=True),
    "care:new-date-preview": page(branch=True),
    "care:call-act": form(branch=True, ids={"kind": "act"}),
    "care:refute-allergy": form(branch=True),
    "care:answer": form(branch=True),
    # Rules and guides hold for the organisation.
    "care:rule": form(everywhere=True),
    "care:rule-use": button(everywhere=True),
    "knowledge:guide": page(),
    "knowledge:edit-guide": form(),
    "knowledge:use": button(),
    "exchange:run": page(branch=True),
    "exchange:columns": Answer(200, 302, branch=True),
    "exchange:step": button(branch=True),
    "exchange:refusals": page(branch=True),
    "exchange:questions": Answer(302, 302, branch=True),
    "exchange:answer": button(branch=True),
    # Colleagues are seen by whoever sees the list; changing them is for those who manage members.
    "accounts:member": form(writes=frozenset({Role.ADMINISTRATOR})),
    "accounts:member-access": button(),
    "accounts:member-session-ending": button(),
    "accounts:invitation-withdrawal": button(branch=True),
    "accounts:role": form(everywhere=True, alone=True),
    "accounts:role-retirement": Answer(200, 302, everywhere=True, alone=True),
    "facility:site": form(branch=True),
    "facility:hours": form(branch=True),
    "facility:department-new": form(branch=True),
    "facility:room-new": form(branch=True),
    "facility:department": form(branch=True),
    "facility:room": form(branch=True),
    "facility:holiday-removal": button(branch=True),
}
# Addresses with an id that is nobody's row, or one's own: they have tests of their own.
OTHERS = frozenset(
    {
        "account_confirm_email",
        "account_reset_password_from_key",
        "accounts:join",
        "care:attempt-undo",
        "accounts:session-ending",
        "accounts:set-up",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    }
)
