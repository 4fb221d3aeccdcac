from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tantam.exchange.engine.sheets.columns import IGNORED, Column
from tantam.exchange.models import Source, SourceKind
from tantam.facility.models import Site
from tantam.ui.submission import submission_field


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more uploaded files."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    """Where the data comes from, and the files."""

    submission = submission_field()
    source = forms.ModelChoiceField(
        label=_("Where it comes from"),
        queryset=Source.objects.none(),
        required=False,
        empty_label=_("A new source…"),
        help_text=_("The same files from the same source change nothing the second time."),
    )
    name = forms.CharField(
        label=_("Name of the new source"),
        max_length=60,
        required=False,
        help_text=_("For example: HIS Bệnh viện, or the name of the sheet's owner."),
    )
    site = forms.ModelChoiceField(
        label=_("Visits belong to the site"), queryset=Site.objects.none(), required=False
    )
    numbers_are_ours = forms.BooleanField(
        label=_("Its patient codes are the same numbering as ours"),
        required=False,
        help_text=_(
            "Only when both come from one register. Otherwise the new source has codes of its own, and its patient 17"
            " is not ours."
        ),
    )
    uploads = FilesField(
        label=_("Files"),
        widget=FilesInput(attrs={"accept": ".json,.ndjson,.jsonl,.zip,.gz,.csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        help_text=_("FHIR R4 (JSON, NDJSON), CSV, Excel, or a ZIP of these. Several at once if you like."),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: list[Source], sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source, site = self.fields["source"], self.fields["site"]
        assert isinstance(source, forms.ModelChoiceField)
        assert isinstance(site, forms.ModelChoiceField)
        source.queryset = Source.objects.filter(pk__in=[row.pk for row in sources])
        site.queryset = Site.objects.filter(pk__in=[row.pk for row in sites])
        if len(sites) == 1:
            self.initial.setdefault("site", sites[0].pk)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("source"):
            if not data.get("name", "").strip():
                self.add_error("name", _("Give the new source a name, or choose one from the list."))
            if not data.get("site"):
                self.add_error("site", _("Choose the site."))
        return data

    @property
    def kind(self) -> str:
        """What to call the source: sheets, when the first file is one."""
        first = str(self.cleaned_data["uploads"][0].name).lower()
        is_sheet = first.endswith((".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"))
        return SourceKind.SHEET if is_sheet else SourceKind.FHIR


def meanings() -> list[tuple[str, Any]]:
    """The choices for what a column means."""
    return [(IGNORED, _("— leave this column out —")), *Column.choices]
