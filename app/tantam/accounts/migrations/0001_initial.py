import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, verbose_name="User name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="Email")),
                ("full_name", models.CharField(max_length=120, verbose_name="Full name")),
                ("name_key", models.CharField(editable=False, max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="Job title")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Work phone")),
                ("language", models.CharField(default="vi", max_length=10, verbose_name="Language")),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
                        default="auto",
                        max_length=10,
                        verbose_name="Theme",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("deactivated_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ("full_name",),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="Email")),
                ("full_name", models.CharField(max_length=120, verbose_name="Full name")),
                ("grants", models.JSONField(default=list)),
                ("is_first_administrator", models.BooleanField(default=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="MemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("username", models.CharField(max_length=60, verbose_name="User name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="Email")),
                ("full_name", models.CharField(max_length=120, verbose_name="Full name")),
                ("name_key", models.CharField(editable=False, max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="Job title")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Work phone")),
                ("language", models.CharField(default="vi", max_length=10, verbose_name="Language")),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
                        default="auto",
                        max_length=10,
                        verbose_name="Theme",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("deactivated_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OwnRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("patient.find", "Find patients and see who they are and how to reach them"),
                                ("patient.register", "Register patients"),
                                ("patient.edit", "Correct a patient's details and contact points"),
                                ("patient.identity", "See identity and insurance numbers"),
                                (
                                    "record.see",
                                    "See visits, diagnoses, prescriptions, allergies and re-examination dates",
                                ),
                                ("record.notes", "Read clinical notes"),
                                ("record.write", "Write visits, diagnoses and prescriptions"),
                                (
                                    "reexamination.plan",
                                    "Plan, confirm, move and cancel re-examination dates, and change the doctor for them",
                                ),
                                ("allergy.write", "Record allergies"),
                                (
                                    "encounter.before",
                                    "See one's own patients of the day and what care has learnt",
                                ),
                                ("care.see", "See the care work list and care history"),
                                ("care.call", "Make care calls and record what was said"),
                                ("care.supervise", "Assign, take over and close the care calls of others"),
                                ("care.rules", "Change care rules"),
                                ("care.report", "See the care dashboard"),
                                ("guide.edit", "Edit conversation guides"),
                                ("consent.record", "Record consent and its withdrawal"),
                                ("consent.texts", "Edit consent texts"),
                                ("privacy.looks", "See who looked at a record"),
                                ("privacy.export", "Give a patient a copy of everything kept about them"),
                                ("privacy.shred", "Destroy a patient's personal data"),
                                ("import.run", "Take in data from the hospital's own database"),
                                ("members.see", "See the list of members"),
                                ("members.manage", "Invite members, change roles, end access"),
                                (
                                    "roles.compose",
                                    "Compose roles, and give the roles that need a second step",
                                ),
                                ("facility.manage", "Change sites, departments, rooms, hours and holidays"),
                                ("journal.read", "Read the journal"),
                            ],
                            max_length=40,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "idle_minutes",
                    models.PositiveSmallIntegerField(
                        default=120,
                        help_text="At most 30 when the role needs a second step.",
                        verbose_name="Minutes until an unused session ends",
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="OwnRoleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("patient.find", "Find patients and see who they are and how to reach them"),
                                ("patient.register", "Register patients"),
                                ("patient.edit", "Correct a patient's details and contact points"),
                                ("patient.identity", "See identity and insurance numbers"),
                                (
                                    "record.see",
                                    "See visits, diagnoses, prescriptions, allergies and re-examination dates",
                                ),
                                ("record.notes", "Read clinical notes"),
                                ("record.write", "Write visits, diagnoses and prescriptions"),
                                (
                                    "reexamination.plan",
                                    "Plan, confirm, move and cancel re-examination dates, and change the doctor for them",
                                ),
                                ("allergy.write", "Record allergies"),
                                (
                                    "encounter.before",
                                    "See one's own patients of the day and what care has learnt",
                                ),
                                ("care.see", "See the care work list and care history"),
                                ("care.call", "Make care calls and record what was said"),
                                ("care.supervise", "Assign, take over and close the care calls of others"),
                                ("care.rules", "Change care rules"),
                                ("care.report", "See the care dashboard"),
                                ("guide.edit", "Edit conversation guides"),
                                ("consent.record", "Record consent and its withdrawal"),
                                ("consent.texts", "Edit consent texts"),
                                ("privacy.looks", "See who looked at a record"),
                                ("privacy.export", "Give a patient a copy of everything kept about them"),
                                ("privacy.shred", "Destroy a patient's personal data"),
                                ("import.run", "Take in data from the hospital's own database"),
                                ("members.see", "See the list of members"),
                                ("members.manage", "Invite members, change roles, end access"),
                                (
                                    "roles.compose",
                                    "Compose roles, and give the roles that need a second step",
                                ),
                                ("facility.manage", "Change sites, departments, rooms, hours and holidays"),
                                ("journal.read", "Read the journal"),
                            ],
                            max_length=40,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "idle_minutes",
                    models.PositiveSmallIntegerField(
                        default=120,
                        help_text="At most 30 when the role needs a second step.",
                        verbose_name="Minutes until an unused session ends",
                    ),
                ),
                ("submission", models.UUIDField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=120, verbose_name="Full name")),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=120)),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="Academic title")),
                (
                    "licence_number",
                    models.CharField(blank=True, max_length=40, verbose_name="Licence number"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="Works here")),
            ],
            options={
                "ordering": ("full_name",),
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
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
                        max_length=30,
                        verbose_name="Role",
                    ),
                ),
                (
                    "granted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
        ),
    ]
