from __future__ import annotations

from tantam.accounts.events import AccountEvent
from tantam.accounts.models import Member
from tantam.facility.models import Site
from tantam.journal.operations import nothing_changed, operation, record


@operation
def set_preferences(
    member: Member,
    *,
    language: str | None = None,
    theme: str | None = None,
    site: Site | None = None,
    actor: Member,
) -> Member:
    """Remember how a member likes to work: language, theme, the site they are at."""
    wanted = {"language": language, "theme": theme, "current_site": site}
    changed = {
        name: value for name, value in wanted.items() if value is not None and getattr(member, name) != value
    }
    if not changed:
        nothing_changed()
        return member
    for name, value in changed.items():
        setattr(member, name, value)
    member.save(update_fields=list(changed))
    record(AccountEvent.PREFERENCES_SET, member, actor=actor, fields=sorted(changed))
    return member
