import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import tantam.lib.zones


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("hospital", "Hospital"), ("clinic", "Clinic"), ("dental", "Dental clinic")],
                        default="hospital",
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Phone")),
                (
                    "time_zone",
                    models.CharField(
                        default="Asia/Ho_Chi_Minh",
                        max_length=60,
                        validators=[tantam.lib.zones.validate_zone],
                        verbose_name="Time zone",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="SiteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=20, verbose_name="Code")),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("hospital", "Hospital"), ("clinic", "Clinic"), ("dental", "Dental clinic")],
                        default="hospital",
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Phone")),
                (
                    "time_zone",
                    models.CharField(
                        default="Asia/Ho_Chi_Minh",
                        max_length=60,
                        validators=[tantam.lib.zones.validate_zone],
                        verbose_name="Time zone",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("submission", models.UUIDField(editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Speciality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=100, verbose_name="Name in Vietnamese")),
                ("name_en", models.CharField(blank=True, max_length=100, verbose_name="Name in English")),
                ("name_zh", models.CharField(blank=True, max_length=100, verbose_name="Name in Chinese")),
            ],
            options={
                "verbose_name_plural": "specialities",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="Short name")),
                ("hotline", models.CharField(blank=True, max_length=30, verbose_name="Hotline")),
                (
                    "time_zone",
                    models.CharField(
                        default="Asia/Ho_Chi_Minh",
                        max_length=60,
                        validators=[tantam.lib.zones.validate_zone],
                        verbose_name="Time zone",
                    ),
                ),
                (
                    "patient_code_prefix",
                    models.CharField(default="BN-", max_length=8, verbose_name="Prefix of patient codes"),
                ),
                ("idle_minutes", models.JSONField(default=dict, editable=False)),
                (
                    "first_steps_put_away",
                    models.BooleanField(db_default=False, default=False, editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_organisation")
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("floor", models.CharField(blank=True, max_length=20, verbose_name="Floor")),
                ("step_free", models.BooleanField(default=False, verbose_name="Step-free access")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="facility.department",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="facility.site"
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="OpeningInterval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="Weekday",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="Opens")),
                ("closes", models.TimeField(verbose_name="Closes")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_intervals",
                        to="facility.site",
                    ),
                ),
            ],
            options={
                "ordering": ("weekday", "opens"),
            },
        ),
        migrations.CreateModel(
            name="HolidayOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="Date")),
                ("is_holiday", models.BooleanField(default=True, verbose_name="Closed")),
                ("name", models.CharField(max_length=120, verbose_name="Reason")),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holiday_overrides",
                        to="facility.site",
                    ),
                ),
            ],
            options={
                "ordering": ("day",),
            },
        ),
        migrations.AddField(
            model_name="department",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="departments", to="facility.site"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "facility_siteevent" ("address", "code", "id", "is_active", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "submission", "time_zone") VALUES (NEW."address", NEW."code", NEW."id", NEW."is_active", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."submission", NEW."time_zone"); RETURN NULL;',
                    hash="9c03aaae2d7d9ad942b60eace6f7573bf902e369",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_aa282",
                    table="facility_site",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facility_siteevent" ("address", "code", "id", "is_active", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "submission", "time_zone") VALUES (OLD."address", OLD."code", OLD."id", OLD."is_active", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."submission", OLD."time_zone"); RETURN NULL;',
                    hash="e606d14443d2df3aa049694d519299696575e7d0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9bdec",
                    table="facility_site",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="siteevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="siteevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="facility.site",
            ),
        ),
        migrations.AddField(
            model_name="department",
            name="speciality",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="facility.speciality"
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("site", "name"), name="room_name_once_a_site"),
        ),
        migrations.AddConstraint(
            model_name="openinginterval",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))),
                name="closes_after_it_opens",
                violation_error_message="The closing time must be after the opening time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holidayoverride",
            constraint=models.UniqueConstraint(
                fields=("day", "site"),
                name="one_holiday_override_a_day",
                nulls_distinct=False,
                violation_error_message="This date already has an entry for this site.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="siteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="e0a806807e1f165277c275491191e12f0b2e95ff",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c90bf",
                    table="facility_siteevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="siteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="f88be1adfa07247c96a748982234df95524b25b7",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_7a82f",
                    table="facility_siteevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(fields=("site", "name"), name="department_name_once_a_site"),
        ),
    ]
