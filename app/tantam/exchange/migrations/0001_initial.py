import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import tantam.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LikelyDuplicate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("external_id", models.CharField(max_length=200)),
                ("file", models.CharField(max_length=255)),
                ("row", models.BigIntegerField(null=True)),
                ("other_id", models.CharField(blank=True, default="", max_length=200)),
                ("tie", models.CharField(max_length=20)),
                ("differs", models.CharField(max_length=120)),
                ("sides", tantam.lib.fields.EncryptedJSONField(context="exchange.question", null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "The same person: take over what the file says"),
                            ("another", "Another person: make a new patient"),
                            ("leave_out", "Leave this row out"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("remembered", models.BooleanField(default=False)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("seq",),
            },
        ),
        migrations.CreateModel(
            name="RunPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("made", models.JSONField(default=dict)),
                ("changed", tantam.lib.fields.EncryptedJSONField(context="exchange.part", null=True)),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(), editable=False
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
                ("stays", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "There is already a source of this name."},
                        max_length=60,
                        unique=True,
                        verbose_name="Name of the source",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("fhir", "FHIR"), ("sheet", "Sheets (CSV, Excel)")],
                        default="fhir",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("columns", models.JSONField(blank=True, default=dict)),
                (
                    "numbers_are_ours",
                    models.BooleanField(
                        default=False, verbose_name="Its patient codes are our patient codes"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="StagedAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("alias", models.CharField(max_length=200)),
                ("external_id", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name_plural": "staged aliases",
            },
        ),
        migrations.CreateModel(
            name="StagedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("rank", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("practitioner", "practitioner"),
                            ("role", "role"),
                            ("medication", "medication"),
                            ("patient", "patient"),
                            ("relative", "relative"),
                            ("encounter", "encounter"),
                            ("diagnosis", "diagnosis"),
                            ("allergy", "allergy"),
                            ("prescription", "prescription"),
                            ("vital", "vital"),
                            ("reexamination", "reexamination"),
                            ("care_plan", "care_plan"),
                            ("unreadable", "unreadable"),
                        ],
                        max_length=20,
                    ),
                ),
                ("external_id", models.CharField(max_length=200)),
                ("patient_ref", models.CharField(blank=True, default="", max_length=200)),
                ("digest", models.BinaryField(max_length=16)),
                ("identity_index", models.BigIntegerField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=30)),
                (
                    "likeness",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("meant", models.CharField(blank=True, default="", max_length=220)),
                ("payload", tantam.lib.fields.EncryptedJSONField(context="exchange.staged", null=True)),
                ("file", models.CharField(max_length=255)),
                ("row", models.BigIntegerField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                            ("repeated", "Repeated in these files"),
                            ("passed", "Passed over"),
                            ("asked", "Waiting for an answer"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason_code", models.CharField(blank=True, default="", max_length=40)),
                (
                    "problems",
                    tantam.lib.fields.EncryptedJSONField(context="exchange.staged-problems", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Files received"),
                            ("reading", "Reading and checking"),
                            ("checked", "Checked, waiting to be taken in"),
                            ("applying", "Being taken in"),
                            ("done", "Taken in"),
                            ("stopped", "Stopped"),
                            ("failed", "Failed"),
                            ("discarded", "Discarded"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("apply_when_checked", models.BooleanField(default=False)),
                ("stop_requested", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
                ("bytes_total", models.BigIntegerField(default=0)),
                ("bytes_read", models.BigIntegerField(default=0)),
                ("items_total", models.BigIntegerField(default=0)),
                ("items_done", models.BigIntegerField(default=0)),
                ("applied_rank", models.SmallIntegerField(default=-1)),
                ("applied_seq", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("checked_at", models.DateTimeField(null=True)),
                ("applying_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Started by",
                    ),
                ),
                (
                    "shift_confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("path", models.CharField(max_length=1000)),
                ("is_sealed", models.BooleanField(default=False)),
                ("size", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("read", "Read"), ("refused", "Refused")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("problem", models.JSONField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ImportedIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=200)),
                ("object_id", models.BigIntegerField(null=True)),
                ("is_alias", models.BooleanField(default=False)),
                ("digest", models.BinaryField(default=b"", max_length=16)),
                ("marks", models.JSONField(default=dict)),
                ("facts", models.JSONField(null=True)),
                ("file", models.CharField(blank=True, default="", max_length=255)),
                ("taken_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="exchange.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "imported identities",
            },
        ),
    ]
