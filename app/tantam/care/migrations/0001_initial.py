import django.db.models.functions.datetime
from django.db import migrations, models

import tantam.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CallAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Phone"), ("zalo", "Zalo"), ("sms", "SMS"), ("email", "Email")],
                        default="phone",
                        max_length=10,
                        verbose_name="Channel",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("answered", "Answered"),
                            ("no_answer", "No answer"),
                            ("busy", "Busy"),
                            ("unreachable", "Phone off or out of coverage"),
                            ("wrong_number", "Wrong number"),
                            ("call_back", "Asked to be called later"),
                            ("refused", "Does not want to be called"),
                            ("sent", "Message sent"),
                        ],
                        max_length=15,
                        verbose_name="Result",
                    ),
                ),
                (
                    "note",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=300, verbose_name="Note"
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="CareRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="Name")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                        verbose_name="When",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="Days")),
                (
                    "action",
                    models.CharField(
                        choices=[("call", "Call"), ("message", "Message")],
                        default="call",
                        max_length=10,
                        verbose_name="What",
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")],
                        default=3,
                        verbose_name="Priority",
                    ),
                ),
                (
                    "diagnosis_prefix",
                    models.CharField(blank=True, max_length=60, verbose_name="Diagnosis code begins with"),
                ),
                (
                    "assigned_role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("receptionist", "Receptionist"),
                            ("consultant", "Consultant"),
                            ("care_agent", "Care agent"),
                            ("doctor", "Doctor"),
                            ("assistant", "Assistant"),
                            ("nurse", "Nurse"),
                            ("technician", "Technician (laboratory, imaging)"),
                            ("cashier", "Cashier"),
                            ("marketing", "Marketing"),
                            ("complaint_officer", "Complaint officer"),
                            ("trainer", "Trainer"),
                            ("privacy_officer", "Privacy officer"),
                            ("auditor", "Auditor"),
                        ],
                        default="care_agent",
                        max_length=30,
                        verbose_name="Who",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ("occasion", "days", "name"),
            },
        ),
        migrations.CreateModel(
            name="CareRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=160, verbose_name="Name")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                        verbose_name="When",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="Days")),
                (
                    "action",
                    models.CharField(
                        choices=[("call", "Call"), ("message", "Message")],
                        default="call",
                        max_length=10,
                        verbose_name="What",
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")],
                        default=3,
                        verbose_name="Priority",
                    ),
                ),
                (
                    "diagnosis_prefix",
                    models.CharField(blank=True, max_length=60, verbose_name="Diagnosis code begins with"),
                ),
                (
                    "assigned_role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("receptionist", "Receptionist"),
                            ("consultant", "Consultant"),
                            ("care_agent", "Care agent"),
                            ("doctor", "Doctor"),
                            ("assistant", "Assistant"),
                            ("nurse", "Nurse"),
                            ("technician", "Technician (laboratory, imaging)"),
                            ("cashier", "Cashier"),
                            ("marketing", "Marketing"),
                            ("complaint_officer", "Complaint officer"),
                            ("trainer", "Trainer"),
                            ("privacy_officer", "Privacy officer"),
                            ("auditor", "Auditor"),
                        ],
                        default="care_agent",
                        max_length=30,
                        verbose_name="Who",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CareTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("occurrence", models.PositiveSmallIntegerField(default=0)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("call", "Call"), ("message", "Message")], default="call", max_length=10
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
                    ),
                ),
                ("anchor_on", models.DateField()),
                ("due_on", models.DateField()),
                ("best_hour", models.PositiveSmallIntegerField(default=24)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To do"),
                            ("done", "Done"),
                            ("closed", "No longer needed"),
                            ("unreached", "Not reached"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "assigned_role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("receptionist", "Receptionist"),
                            ("consultant", "Consultant"),
                            ("care_agent", "Care agent"),
                            ("doctor", "Doctor"),
                            ("assistant", "Assistant"),
                            ("nurse", "Nurse"),
                            ("technician", "Technician (laboratory, imaging)"),
                            ("cashier", "Cashier"),
                            ("marketing", "Marketing"),
                            ("complaint_officer", "Complaint officer"),
                            ("trainer", "Trainer"),
                            ("privacy_officer", "Privacy officer"),
                            ("auditor", "Auditor"),
                        ],
                        default="care_agent",
                        max_length=30,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("needs_supervisor", models.BooleanField(default=False)),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reexamination_cancelled", "The re-examination was cancelled"),
                            ("reexamination_done", "The patient has already come"),
                            ("encounter_cancelled", "The visit was cancelled"),
                            ("too_late", "Too much time has passed"),
                            ("rule_stopped", "The rule was stopped or changed"),
                            ("patient_inactive", "The patient has died or left us"),
                            ("consent_refused", "The patient does not agree to care contacts"),
                            ("refused", "The patient does not want to be called"),
                            ("by_supervisor", "Closed by a supervisor"),
                            ("no_contact", "No way to reach the patient"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CareTaskEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("occurrence", models.PositiveSmallIntegerField(default=0)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("call", "Call"), ("message", "Message")], default="call", max_length=10
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
                    ),
                ),
                ("anchor_on", models.DateField()),
                ("due_on", models.DateField()),
                ("best_hour", models.PositiveSmallIntegerField(default=24)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To do"),
                            ("done", "Done"),
                            ("closed", "No longer needed"),
                            ("unreached", "Not reached"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "assigned_role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("manager", "Manager"),
                            ("receptionist", "Receptionist"),
                            ("consultant", "Consultant"),
                            ("care_agent", "Care agent"),
                            ("doctor", "Doctor"),
                            ("assistant", "Assistant"),
                            ("nurse", "Nurse"),
                            ("technician", "Technician (laboratory, imaging)"),
                            ("cashier", "Cashier"),
                            ("marketing", "Marketing"),
                            ("complaint_officer", "Complaint officer"),
                            ("trainer", "Trainer"),
                            ("privacy_officer", "Privacy officer"),
                            ("auditor", "Auditor"),
                        ],
                        default="care_agent",
                        max_length=30,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("needs_supervisor", models.BooleanField(default=False)),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reexamination_cancelled", "The re-examination was cancelled"),
                            ("reexamination_done", "The patient has already come"),
                            ("encounter_cancelled", "The visit was cancelled"),
                            ("too_late", "Too much time has passed"),
                            ("rule_stopped", "The rule was stopped or changed"),
                            ("patient_inactive", "The patient has died or left us"),
                            ("consent_refused", "The patient does not agree to care contacts"),
                            ("refused", "The patient does not want to be called"),
                            ("by_supervisor", "Closed by a supervisor"),
                            ("no_contact", "No way to reach the patient"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.JSONField(default=list)),
                ("spoke_with", models.CharField(blank=True, max_length=120, verbose_name="Spoke with")),
                (
                    "experience",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("good", "Satisfied"),
                            ("fair", "So-so"),
                            ("bad", "Not satisfied"),
                            ("", "Not asked"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="How the examination went",
                    ),
                ),
                (
                    "experience_note",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=500, verbose_name="In their words"
                    ),
                ),
                (
                    "health",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("better", "Better"),
                            ("same", "About the same"),
                            ("worse", "Worse"),
                            ("", "Not asked"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Health now",
                    ),
                ),
                (
                    "symptoms_before",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=500, verbose_name="Symptoms before"
                    ),
                ),
                (
                    "symptoms_after",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", max_length=500, verbose_name="Symptoms now"
                    ),
                ),
                (
                    "confirmation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Will come"),
                            ("unsure", "Not sure yet"),
                            ("declined", "Will not come"),
                            ("", "Not asked"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Re-examination",
                    ),
                ),
                ("note", tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Note")),
                ("held_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
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
                            ("condition_changed", "Condition changed"),
                            ("allergy", "Drug allergy"),
                            ("reexamination_moved", "Re-examination date moved"),
                            ("doctor_changed", "Responsible doctor changed"),
                            ("need_unmet", "A need we cannot meet"),
                            ("conversation", "Care call"),
                            ("question", "Question for the doctor"),
                        ],
                        max_length=25,
                    ),
                ),
                ("summary", tantam.lib.fields.EncryptedTextField()),
                ("details", models.JSONField(default=dict)),
                ("learnt_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(null=True)),
            ],
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
                ("text", tantam.lib.fields.EncryptedTextField(verbose_name="Question")),
                (
                    "answer",
                    tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Answer"),
                ),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="UnmetNeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("need", tantam.lib.fields.EncryptedTextField(verbose_name="What the patient needs")),
                ("explanation", tantam.lib.fields.EncryptedTextField(verbose_name="What we explained")),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
    ]
