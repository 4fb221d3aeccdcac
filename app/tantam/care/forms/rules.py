from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tantam.accounts.models import Member
from tantam.accounts.permissions import Permission, Role
from tantam.care.access import may_change_rules_of
from tantam.care.models import Action, CareRule, Priority
from tantam.care.operations.rules import CALLING_ROLES
from tantam.care.rules.contents import RuleContent
from tantam.facility.models import Site, Speciality
from tantam.knowledge.models import Guide, Occasion
from tantam.lib.text import clean_text
from tantam.ui.submission import submission_field

MOST_DAYS = 365


class RuleForm(forms.Form):
    """A care rule as a manager writes it; a name is made when none is given."""

    occasion = forms.ChoiceField(
        label=_("When"),
        choices=Occasion.choices,
        initial=Occasion.BEFORE_REEXAMINATION,
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("Days before or after"), min_value=0, max_value=MOST_DAYS, initial=2,
        help_text=_("Days before the re-examination date, or after the visit. Closed days are passed over."),
    )  # fmt: skip
    action = forms.ChoiceField(
        label=_("What"), choices=Action.choices, initial=Action.CALL, widget=forms.RadioSelect
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )
    speciality = forms.ModelChoiceField(
        label=_("Speciality"), queryset=Speciality.objects.all(), required=False, empty_label=_("All")
    )
    diagnosis_prefix = forms.CharField(
        label=_("Diagnosis code begins with"),
        max_length=60,
        required=False,
        help_text=_("ICD-10, several with a comma: E10, E11. Empty for all."),
    )
    assigned_role = forms.ChoiceField(
        label=_("Who"), choices=[(role.value, role.label) for role in CALLING_ROLES], initial=Role.CARE_AGENT
    )
    assigned_to = forms.ModelChoiceField(
        label=_("One colleague"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Anyone with this role"),
    )
    guide = forms.ModelChoiceField(
        label=_("Conversation guide"),
        queryset=Guide.objects.filter(is_active=True),
        required=False,
        empty_label=_("The one that fits the patient best"),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=160,
        required=False,
        help_text=_("Agents see it as the reason for the call."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submission = submission_field()

    def __init__(self, *args: Any, member: Member, rule: CareRule | None = None, **kwargs: Any) -> None:
        if rule is not None:
            kwargs["initial"] = _initial(rule)
        super().__init__(*args, **kwargs)
        self.member = member
        sites = member.sites_where(Permission.CARE_RULES)
        site_field, member_field = self.fields["site"], self.fields["assigned_to"]
        assert isinstance(site_field, forms.ModelChoiceField)
        assert isinstance(member_field, forms.ModelChoiceField)
        site_field.queryset = Site.objects.filter(pk__in=sites, is_active=True)
        if not may_change_rules_of(member, None):
            site_field.required = True
            site_field.empty_label = None
        callers = Member.objects.allowed_at_any(Permission.CARE_CALL, sites)
        member_field.queryset = callers.distinct().order_by("full_name")

    def clean_diagnosis_prefix(self) -> str:
        return clean_text(self.cleaned_data["diagnosis_prefix"], max_length=60).upper()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("name") and {"occasion", "action", "days"} <= values.keys():
            values["name"] = usual_name(values["occasion"], values["action"], values["days"])
        return values

    @property
    def content(self) -> RuleContent:
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in ("seen", "submission")
        }
        return RuleContent(**values)


def usual_name(occasion: str, action: str, days: int) -> str:
    """What a rule is called when nobody gives it a name."""
    if occasion == Occasion.BEFORE_REEXAMINATION:
        if action == Action.MESSAGE:
            text = ngettext(
                "Message %(days)s day before the re-examination",
                "Message %(days)s days before the re-examination",
                days,
            )
        else:
            text = ngettext(
                "Call %(days)s day before the re-examination",
                "Call %(days)s days before the re-examination",
                days,
            )
    elif action == Action.MESSAGE:
        text = ngettext("Message %(days)s day after the visit", "Message %(days)s days after the visit", days)
    else:
        text = ngettext("Call %(days)s day after the visit", "Call %(days)s days after the visit", days)
    return text % {"days": days}


def _initial(rule: CareRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "occasion": rule.occasion,
        "days": rule.days,
        "action": rule.action,
        "priority": rule.priority,
        "site": rule.site_id,
        "speciality": rule.speciality_id,
        "diagnosis_prefix": rule.diagnosis_prefix,
        "assigned_role": rule.assigned_role,
        "assigned_to": rule.assigned_to_id,
        "guide": rule.guide_id,
        "seen": rule.revision,
    }
