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
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("care_contact", "Care calls and reminders"),
                            ("health_record", "Keeping the health record for treatment"),
                            ("marketing", "News and promotions"),
                            ("third_party", "Passing data to another care provider or insurer"),
                            ("research", "Research and teaching"),
                        ],
                        max_length=20,
                        verbose_name="Purpose",
                    ),
                ),
                ("language", models.CharField(default="vi", max_length=10, verbose_name="Language")),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField(verbose_name="Text")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("care_contact", "Care calls and reminders"),
                            ("health_record", "Keeping the health record for treatment"),
                            ("marketing", "News and promotions"),
                            ("third_party", "Passing data to another care provider or insurer"),
                            ("research", "Research and teaching"),
                        ],
                        max_length=20,
                        verbose_name="Purpose",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[("given", "Given"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                        verbose_name="Decision",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("paper", "Signed on paper"),
                            ("spoken", "Said on a recorded call"),
                            ("in_person", "Said at the desk, noted by staff"),
                            ("sms", "By SMS"),
                            ("zalo", "By Zalo"),
                            ("email", "By email"),
                            ("web", "On the website"),
                        ],
                        max_length=10,
                        verbose_name="In which way",
                    ),
                ),
                (
                    "decided_by",
                    models.CharField(
                        choices=[
                            ("self", "The patient"),
                            ("representative", "A legal representative"),
                            ("both", "The patient and a representative"),
                        ],
                        default="self",
                        max_length=20,
                        verbose_name="Who decided",
                    ),
                ),
                (
                    "representative_name",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Name of the representative"
                    ),
                ),
                (
                    "representative_relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("spouse", "Wife or husband"),
                            ("child", "Son or daughter"),
                            ("sibling", "Brother or sister"),
                            ("grandparent", "Grandparent"),
                            ("guardian", "Guardian"),
                            ("carer", "Carer"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="Relation to the patient",
                    ),
                ),
                (
                    "evidence",
                    tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Evidence"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="When"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="patients.patient",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.consenttext",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsentEvidence",
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
                        choices=[("pdf", "PDF"), ("jpeg", "JPEG photograph"), ("png", "PNG picture")],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                (
                    "added_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="privacy.consent",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("consent", "sha256"), name="evidence_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="3db9e59b6274bc7f42e0c54cf7ee249be9946419",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d9b73",
                    table="privacy_consentevidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="1d497080c6105d3b9738c6e5c1d5d0af7c9cb5d2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_4cc6a",
                    table="privacy_consentevidence",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("purpose", "language", "version"), name="consent_text_version_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consenttext",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="ae6f4442338ea433257d260cebdd26b65675967c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f4ec1",
                    table="privacy_consenttext",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consenttext",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="1e6dd737a15173482dac426164e08108b9a93c38",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_f4412",
                    table="privacy_consenttext",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["patient", "purpose", "-id"], name="consent_in_force"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("submission", "patient", "purpose"), name="consent_sent_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="17199520dfa427d9b54369ffa1186b127d8559fc",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_faefc",
                    table="privacy_consent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="ebc831f2a080983409c9c881c3ca0e06a4ca290a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_9506f",
                    table="privacy_consent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
