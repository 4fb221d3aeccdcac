"""What patients say is sealed like the notes: each column is copied into a sealed one and then dropped."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from tantam.lib.fields import EncryptedTextField

_AT_ONCE = 2_000
_SEALED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("callattempt", "note", {"blank": True, "default": "", "max_length": 300, "verbose_name": "Note"}),
    ("conversation", "experience_note", {"blank": True, "default": "", "max_length": 500, "verbose_name": "In their words"}),
    ("conversation", "symptoms_after", {"blank": True, "default": "", "max_length": 500, "verbose_name": "Symptoms now"}),
    ("conversation", "symptoms_before", {"blank": True, "default": "", "max_length": 500, "verbose_name": "Symptoms before"}),
    ("question", "answer", {"blank": True, "default": "", "verbose_name": "Answer"}),
    ("question", "text", {"verbose_name": "Question"}),
    ("unmetneed", "explanation", {"verbose_name": "What we explained"}),
    ("unmetneed", "need", {"verbose_name": "What the patient needs"}),
)  # fmt: skip


def _copied(apps: Any, source: str, target: str) -> None:
    for model_name, field, _options in _SEALED:
        model = apps.get_model("care", model_name)
        names = source.format(field), target.format(field)
        last = 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
            for row in rows:
                setattr(row, names[1], getattr(row, names[0]))
            model.objects.bulk_update(rows, [names[1]])
            last = rows[-1].pk


def seal(apps: Any, schema_editor: Any) -> None:
    _copied(apps, "{}_plain", "{}")


def open_again(apps: Any, schema_editor: Any) -> None:
    _copied(apps, "{}", "{}_plain")


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0007_consent_refused"),
    ]

    operations = [
        *(migrations.RenameField(model, field, f"{field}_plain") for model, field, _options in _SEALED),
        *(
            migrations.AddField(
                model,
                field,
                EncryptedTextField(**{"default": "", **options}),
                preserve_default="default" in options,
            )
            for model, field, options in _SEALED
        ),
        migrations.RunPython(seal, open_again),
        *(migrations.RemoveField(model, f"{field}_plain") for model, field, _options in _SEALED),
    ]
