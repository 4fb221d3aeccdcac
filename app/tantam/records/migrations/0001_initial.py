import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import tantam.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_initial"),
        ("facility", "0001_initial"),
        ("patients", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allergy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drug", "Medicine"),
                            ("food", "Food"),
                            ("environment", "Environment"),
                            ("other", "Other"),
                        ],
                        default="drug",
                        max_length=15,
                        verbose_name="Kind",
                    ),
                ),
                ("agent", models.CharField(max_length=200, verbose_name="Allergic to")),
                ("agent_key", models.CharField(editable=False, max_length=200)),
                ("reaction", models.CharField(blank=True, max_length=300, verbose_name="Reaction")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("unknown", "Severity not known"),
                            ("mild", "Mild"),
                            ("moderate", "Moderate"),
                            ("severe", "Severe"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="Severity",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("suspected", "Suspected"),
                            ("confirmed", "Confirmed"),
                            ("refuted", "Refuted"),
                        ],
                        default="suspected",
                        max_length=10,
                        verbose_name="Certainty",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allergies",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "allergies",
            },
        ),
        migrations.CreateModel(
            name="AllergyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("drug", "Medicine"),
                            ("food", "Food"),
                            ("environment", "Environment"),
                            ("other", "Other"),
                        ],
                        default="drug",
                        max_length=15,
                        verbose_name="Kind",
                    ),
                ),
                ("agent", models.CharField(max_length=200, verbose_name="Allergic to")),
                ("agent_key", models.CharField(editable=False, max_length=200)),
                ("reaction", models.CharField(blank=True, max_length=300, verbose_name="Reaction")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("unknown", "Severity not known"),
                            ("mild", "Mild"),
                            ("moderate", "Moderate"),
                            ("severe", "Severe"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="Severity",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("suspected", "Suspected"),
                            ("confirmed", "Confirmed"),
                            ("refuted", "Refuted"),
                        ],
                        default="suspected",
                        max_length=10,
                        verbose_name="Certainty",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("submission", models.UUIDField(editable=False, null=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.allergy",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30, verbose_name="Code")),
                ("code_system", models.CharField(blank=True, default="icd10", max_length=20)),
                ("text", models.CharField(max_length=300, verbose_name="Diagnosis")),
                ("is_main", models.BooleanField(default=False, verbose_name="Main diagnosis")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("resolved", "Resolved")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("noted_on", models.DateField(blank=True, null=True)),
                ("resolved_on", models.DateField(editable=False, null=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diagnoses",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "diagnoses",
            },
        ),
        migrations.CreateModel(
            name="Encounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("outpatient", "Outpatient visit"),
                            ("inpatient", "Inpatient stay"),
                            ("emergency", "Emergency"),
                            ("dental", "Dental visit"),
                            ("remote", "Remote consultation"),
                            ("home", "Home visit"),
                        ],
                        default="outpatient",
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("finished", "Finished"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="finished",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="Start")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="End")),
                (
                    "reason",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=500, verbose_name="Reason for the visit"
                    ),
                ),
                (
                    "symptoms",
                    tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Symptoms"),
                ),
                ("advice", models.TextField(blank=True, verbose_name="Advice")),
                (
                    "clinical_notes",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Clinical notes"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was cancelled"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.department",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="encounters",
                        to="accounts.practitioner",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="encounters",
                        to="patients.patient",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.site",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.speciality",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DiagnosisEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(blank=True, max_length=30, verbose_name="Code")),
                ("code_system", models.CharField(blank=True, default="icd10", max_length=20)),
                ("text", models.CharField(max_length=300, verbose_name="Diagnosis")),
                ("is_main", models.BooleanField(default=False, verbose_name="Main diagnosis")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("resolved", "Resolved")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("noted_on", models.DateField(blank=True, null=True)),
                ("resolved_on", models.DateField(editable=False, null=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.diagnosis",
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.encounter",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="diagnosis",
            name="encounter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="diagnoses",
                to="records.encounter",
            ),
        ),
        migrations.CreateModel(
            name="ConditionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "trend",
                    models.CharField(
                        choices=[
                            ("better", "Better"),
                            ("same", "The same"),
                            ("worse", "Worse"),
                            ("new", "A new complaint"),
                        ],
                        max_length=10,
                        verbose_name="Compared with before",
                    ),
                ),
                ("text", tantam.lib.fields.EncryptedTextField(verbose_name="What the patient says")),
                ("reported_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="condition_changes",
                        to="patients.patient",
                    ),
                ),
                (
                    "reported_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.site",
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.encounter",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="CarePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="Plan")),
                ("activities", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_plans",
                        to="patients.patient",
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.encounter",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EncounterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("outpatient", "Outpatient visit"),
                            ("inpatient", "Inpatient stay"),
                            ("emergency", "Emergency"),
                            ("dental", "Dental visit"),
                            ("remote", "Remote consultation"),
                            ("home", "Home visit"),
                        ],
                        default="outpatient",
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("finished", "Finished"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="finished",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="Start")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="End")),
                (
                    "reason",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=500, verbose_name="Reason for the visit"
                    ),
                ),
                (
                    "symptoms",
                    tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Symptoms"),
                ),
                ("advice", models.TextField(blank=True, verbose_name="Advice")),
                (
                    "clinical_notes",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Clinical notes"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("submission", models.UUIDField(editable=False, null=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was cancelled"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.department",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.practitioner",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.encounter",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.site",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.speciality",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PrescriptionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("drug", models.CharField(max_length=300, verbose_name="Medicine")),
                ("drug_code", models.CharField(blank=True, max_length=40)),
                ("amount", models.CharField(blank=True, max_length=80, verbose_name="Amount each time")),
                (
                    "times_a_day",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Times a day"),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Days")),
                (
                    "meals",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "At any time"),
                            ("before", "Before meals"),
                            ("with", "With meals"),
                            ("after", "After meals"),
                            ("bedtime", "At bedtime"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Meals",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("stopped", "Stopped"), ("completed", "Completed")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True)),
                (
                    "despite_allergy",
                    models.CharField(blank=True, max_length=300, verbose_name="Why in spite of the allergy"),
                ),
                ("stopped_on", models.DateField(editable=False, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was stopped"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prescription_lines",
                        to="records.encounter",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prescription_lines",
                        to="patients.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrescriptionLineEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("drug", models.CharField(max_length=300, verbose_name="Medicine")),
                ("drug_code", models.CharField(blank=True, max_length=40)),
                ("amount", models.CharField(blank=True, max_length=80, verbose_name="Amount each time")),
                (
                    "times_a_day",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Times a day"),
                ),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Days")),
                (
                    "meals",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "At any time"),
                            ("before", "Before meals"),
                            ("with", "With meals"),
                            ("after", "After meals"),
                            ("bedtime", "At bedtime"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Meals",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("stopped", "Stopped"), ("completed", "Completed")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True)),
                (
                    "despite_allergy",
                    models.CharField(blank=True, max_length=300, verbose_name="Why in spite of the allergy"),
                ),
                ("stopped_on", models.DateField(editable=False, null=True)),
                (
                    "stop_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was stopped"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.encounter",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.prescriptionline",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reexamination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="Re-examination date")),
                ("at_time", models.TimeField(blank=True, null=True, verbose_name="Time")),
                ("purpose", models.CharField(blank=True, max_length=300, verbose_name="What for")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("confirmed", "Confirmed by the patient"),
                            ("done", "Came"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "change_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was changed"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reexaminations",
                        to="accounts.practitioner",
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reexaminations",
                        to="records.encounter",
                    ),
                ),
                (
                    "met_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="met_reexaminations",
                        to="records.encounter",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reexaminations",
                        to="patients.patient",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.site",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.speciality",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReexaminationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("due_on", models.DateField(verbose_name="Re-examination date")),
                ("at_time", models.TimeField(blank=True, null=True, verbose_name="Time")),
                ("purpose", models.CharField(blank=True, max_length=300, verbose_name="What for")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("confirmed", "Confirmed by the patient"),
                            ("done", "Came"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "change_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="Why it was changed"
                    ),
                ),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True)),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.practitioner",
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.encounter",
                    ),
                ),
                (
                    "met_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="records.encounter",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="records.reexamination",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.site",
                    ),
                ),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.speciality",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VitalSign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("8480-6", "Systolic blood pressure"),
                            ("8462-4", "Diastolic blood pressure"),
                            ("8867-4", "Heart rate"),
                            ("9279-1", "Respiratory rate"),
                            ("8310-5", "Temperature"),
                            ("59408-5", "Oxygen saturation"),
                            ("29463-7", "Weight"),
                            ("8302-2", "Height"),
                            ("39156-5", "Body mass index"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=8)),
                ("unit", models.CharField(max_length=20)),
                ("measured_at", models.DateTimeField()),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vital_signs",
                        to="records.encounter",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vital_signs",
                        to="patients.patient",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="allergy",
            constraint=models.UniqueConstraint(
                fields=("patient", "agent_key"), name="allergy_agent_once_a_patient"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_allergyevent" ("agent", "agent_key", "came_from", "certainty", "id", "kind", "note", "noted_at", "noted_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reaction", "severity", "submission") VALUES (NEW."agent", NEW."agent_key", NEW."came_from", NEW."certainty", NEW."id", NEW."kind", NEW."note", NEW."noted_at", NEW."noted_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reaction", NEW."severity", NEW."submission"); RETURN NULL;',
                    hash="fdb465ac05bd02656696dd61a5a94b5bf1c90436",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ee048",
                    table="records_allergy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergy",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_allergyevent" ("agent", "agent_key", "came_from", "certainty", "id", "kind", "note", "noted_at", "noted_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reaction", "severity", "submission") VALUES (OLD."agent", OLD."agent_key", OLD."came_from", OLD."certainty", OLD."id", OLD."kind", OLD."note", OLD."noted_at", OLD."noted_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reaction", OLD."severity", OLD."submission"); RETURN NULL;',
                    hash="505a5a04188689f94ce5782e3499c87a30bb66b8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3034f",
                    table="records_allergy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="dd28060e44f27d7bd39446702b4908a42ef5a743",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_30913",
                    table="records_allergyevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="3e83b245076259059c425f9ebd268a9398cd9aac",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_5d7ac",
                    table="records_allergyevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["patient", "-started_at"], name="encounter_by_patient"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["started_at", "site"], name="encounter_by_start"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(
                condition=models.Q(("doctor__isnull", False)),
                fields=["doctor", "-started_at"],
                name="encounter_by_doctor",
            ),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                ),
                name="encounter_ends_after_it_starts",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="encounter",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_encounterevent" ("advice", "came_from", "cancel_reason", "clinical_notes", "created_at", "created_by_id", "department_id", "doctor_id", "ended_at", "id", "kind", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "site_id", "speciality_id", "started_at", "status", "submission", "symptoms") VALUES (NEW."advice", NEW."came_from", NEW."cancel_reason", NEW."clinical_notes", NEW."created_at", NEW."created_by_id", NEW."department_id", NEW."doctor_id", NEW."ended_at", NEW."id", NEW."kind", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revision", NEW."site_id", NEW."speciality_id", NEW."started_at", NEW."status", NEW."submission", NEW."symptoms"); RETURN NULL;',
                    hash="0c64c25712b651f3478b1dc67f1733f6296cfcb7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0b628",
                    table="records_encounter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="encounter",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_encounterevent" ("advice", "came_from", "cancel_reason", "clinical_notes", "created_at", "created_by_id", "department_id", "doctor_id", "ended_at", "id", "kind", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "site_id", "speciality_id", "started_at", "status", "submission", "symptoms") VALUES (OLD."advice", OLD."came_from", OLD."cancel_reason", OLD."clinical_notes", OLD."created_at", OLD."created_by_id", OLD."department_id", OLD."doctor_id", OLD."ended_at", OLD."id", OLD."kind", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."revision", OLD."site_id", OLD."speciality_id", OLD."started_at", OLD."status", OLD."submission", OLD."symptoms"); RETURN NULL;',
                    hash="c419e807e9c2811f879cbbe4502802c28ef6b152",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_288a7",
                    table="records_encounter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="diagnosisevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="e1063f08526fee6323689b69ef5ab3bfa3dd49c9",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cee62",
                    table="records_diagnosisevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="diagnosisevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="75193a5c0ecb08ccdc87f947f4ba1358959c1aa5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_4ebca",
                    table="records_diagnosisevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="diagnosis",
            index=models.Index(fields=["patient", "-noted_on"], name="diagnosis_by_patient"),
        ),
        migrations.AddIndex(
            model_name="diagnosis",
            index=models.Index(fields=["code"], name="diagnosis_by_code", opclasses=["text_pattern_ops"]),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="diagnosis",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_diagnosisevent" ("came_from", "code", "code_system", "encounter_id", "id", "is_main", "noted_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_on", "status", "text") VALUES (NEW."came_from", NEW."code", NEW."code_system", NEW."encounter_id", NEW."id", NEW."is_main", NEW."noted_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."resolved_on", NEW."status", NEW."text"); RETURN NULL;',
                    hash="07c47b38b3cd7a891a0a20388e0545537accd334",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_32b59",
                    table="records_diagnosis",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="diagnosis",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_diagnosisevent" ("came_from", "code", "code_system", "encounter_id", "id", "is_main", "noted_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_on", "status", "text") VALUES (OLD."came_from", OLD."code", OLD."code_system", OLD."encounter_id", OLD."id", OLD."is_main", OLD."noted_on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."resolved_on", OLD."status", OLD."text"); RETURN NULL;',
                    hash="5e9d512fc1663cf052d5d67bc930a799f977dd4e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_93e32",
                    table="records_diagnosis",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="encounterevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="ef416167971b1d66014ca107b1668567ba93c9d5",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_25c4c",
                    table="records_encounterevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="encounterevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="f2b27b526ba52e633153c35152094ab70835e2ce",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_43f9b",
                    table="records_encounterevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="prescriptionline",
            index=models.Index(fields=["patient", "-started_on"], name="prescription_by_patient"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prescriptionline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_prescriptionlineevent" ("amount", "came_from", "days", "despite_allergy", "drug", "drug_code", "encounter_id", "id", "meals", "note", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_on", "status", "stop_reason", "stopped_on", "times_a_day") VALUES (NEW."amount", NEW."came_from", NEW."days", NEW."despite_allergy", NEW."drug", NEW."drug_code", NEW."encounter_id", NEW."id", NEW."meals", NEW."note", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."started_on", NEW."status", NEW."stop_reason", NEW."stopped_on", NEW."times_a_day"); RETURN NULL;',
                    hash="82ad2fe2f43e8d026a5c3c653a93c0ee63f33d52",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0e61f",
                    table="records_prescriptionline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prescriptionline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_prescriptionlineevent" ("amount", "came_from", "days", "despite_allergy", "drug", "drug_code", "encounter_id", "id", "meals", "note", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_on", "status", "stop_reason", "stopped_on", "times_a_day") VALUES (OLD."amount", OLD."came_from", OLD."days", OLD."despite_allergy", OLD."drug", OLD."drug_code", OLD."encounter_id", OLD."id", OLD."meals", OLD."note", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."started_on", OLD."status", OLD."stop_reason", OLD."stopped_on", OLD."times_a_day"); RETURN NULL;',
                    hash="7fda308ad69a2c8ab75b708b1c266e298844adbb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae99f",
                    table="records_prescriptionline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prescriptionlineevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="38162ecab2f80624461cbacdd50243b6793a279c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4d885",
                    table="records_prescriptionlineevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prescriptionlineevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="2cf8bf903dc9b621715c9cb7e4d766b1089693bf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_e38d7",
                    table="records_prescriptionlineevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="reexamination",
            index=models.Index(
                condition=models.Q(("met_by__isnull", False)), fields=["met_by"], name="reexam_by_encounter"
            ),
        ),
        migrations.AddIndex(
            model_name="reexamination",
            index=models.Index(fields=["patient", "-due_on"], name="reexam_by_patient"),
        ),
        migrations.AddIndex(
            model_name="reexamination",
            index=models.Index(fields=["due_on", "site"], name="reexam_by_day"),
        ),
        migrations.AddIndex(
            model_name="reexamination",
            index=models.Index(
                condition=models.Q(("doctor__isnull", False)),
                fields=["doctor", "due_on"],
                name="reexam_by_doctor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reexamination",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "records_reexaminationevent" ("at_time", "came_from", "change_reason", "confirmed_at", "created_at", "doctor_id", "due_on", "encounter_id", "id", "met_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "site_id", "speciality_id", "status", "submission") VALUES (NEW."at_time", NEW."came_from", NEW."change_reason", NEW."confirmed_at", NEW."created_at", NEW."doctor_id", NEW."due_on", NEW."encounter_id", NEW."id", NEW."met_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."site_id", NEW."speciality_id", NEW."status", NEW."submission"); RETURN NULL;',
                    hash="2fd32a8f3ccda0e20143a23ff1a599f2f314f98b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_da9b9",
                    table="records_reexamination",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reexamination",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "records_reexaminationevent" ("at_time", "came_from", "change_reason", "confirmed_at", "created_at", "doctor_id", "due_on", "encounter_id", "id", "met_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "site_id", "speciality_id", "status", "submission") VALUES (OLD."at_time", OLD."came_from", OLD."change_reason", OLD."confirmed_at", OLD."created_at", OLD."doctor_id", OLD."due_on", OLD."encounter_id", OLD."id", OLD."met_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."site_id", OLD."speciality_id", OLD."status", OLD."submission"); RETURN NULL;',
                    hash="d3c29a97219f35630115b75d7747b9417e5c4e59",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5779c",
                    table="records_reexamination",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reexaminationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="1c13584cd6838194d914c6abed2b0a4b4cce84a2",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_252a6",
                    table="records_reexaminationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reexaminationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="4a373f710652272795f290c0e1c6836642e0fdbb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_9b81f",
                    table="records_reexaminationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="vitalsign",
            index=models.Index(fields=["patient", "kind", "-measured_at"], name="vital_by_patient"),
        ),
    ]
