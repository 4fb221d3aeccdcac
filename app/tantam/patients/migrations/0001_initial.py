import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import tantam.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("facility", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPoint",
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
                        choices=[("phone", "Phone"), ("email", "Email"), ("zalo", "Zalo")],
                        default="phone",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("value", tantam.lib.fields.EncryptedTextField(verbose_name="Number or address")),
                ("value_index", models.BigIntegerField(editable=False)),
                ("tail_index", models.BigIntegerField(editable=False, null=True)),
                (
                    "owner",
                    models.CharField(
                        choices=[
                            ("self", "The patient"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("spouse", "Wife or husband"),
                            ("child", "Son or daughter"),
                            ("sibling", "Brother or sister"),
                            ("guardian", "Guardian"),
                            ("other", "Someone else"),
                        ],
                        default="self",
                        max_length=10,
                        verbose_name="Whose",
                    ),
                ),
                ("owner_name", models.CharField(blank=True, max_length=120, verbose_name="Their name")),
                ("is_preferred", models.BooleanField(default=False, verbose_name="Preferred")),
                ("verified_at", models.DateTimeField(editable=False, null=True)),
                ("is_wrong", models.BooleanField(default=False, verbose_name="Wrong number")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="Best time, or a note")),
            ],
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system", models.CharField(max_length=40)),
                (
                    "value",
                    tantam.lib.fields.EncryptedTextField(
                        context="patients.identifier", verbose_name="Number or code"
                    ),
                ),
                ("value_index", models.BigIntegerField(editable=False)),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="Whose number")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="Valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(editable=False, max_length=30, unique=True, verbose_name="Patient code"),
                ),
                ("full_name", models.CharField(max_length=160, verbose_name="Full name")),
                ("name_key", models.CharField(editable=False, max_length=160)),
                ("name_key_reversed", models.CharField(editable=False, max_length=160)),
                ("birth_year", models.SmallIntegerField(blank=True, null=True, verbose_name="Year of birth")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="Date of birth")),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("male", "Male"),
                            ("female", "Female"),
                            ("other", "Other"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="Sex",
                    ),
                ),
                (
                    "identity_number",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Identity number"
                    ),
                ),
                ("identity_index", models.BigIntegerField(editable=False, null=True)),
                (
                    "insurance_number",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Health insurance number"
                    ),
                ),
                ("insurance_index", models.BigIntegerField(editable=False, null=True)),
                ("province", models.CharField(blank=True, max_length=80, verbose_name="Province or city")),
                ("commune", models.CharField(blank=True, max_length=80, verbose_name="Commune or ward")),
                ("address_line", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("vi", "Vietnamese"),
                            ("en", "English"),
                            ("zh-hans", "Chinese"),
                            ("other", "Another language"),
                        ],
                        default="vi",
                        max_length=10,
                        verbose_name="Preferred language",
                    ),
                ),
                (
                    "salutation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("anh", "anh"),
                            ("chị", "chị"),
                            ("cô", "cô"),
                            ("chú", "chú"),
                            ("bác", "bác"),
                            ("ông", "ông"),
                            ("bà", "bà"),
                            ("em", "em"),
                            ("bé", "bé"),
                        ],
                        max_length=10,
                        verbose_name="Addressed as",
                    ),
                ),
                (
                    "vulnerability",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("frail", "Frail"),
                                ("anxious", "Anxious"),
                                ("pregnant", "Pregnant"),
                                ("disabled", "Disability"),
                                ("hearing", "Hard of hearing"),
                                ("vision", "Low vision"),
                                ("language", "Needs an interpreter"),
                                ("child", "Child: speak with the guardian"),
                                ("decides_with_help", "Someone else decides for them"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Needs particular care",
                    ),
                ),
                ("notes", tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Notes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("deceased", "Deceased"),
                            ("inactive", "No longer our patient"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("deceased_on", models.DateField(blank=True, null=True, verbose_name="Date of death")),
                ("last_encounter_on", models.DateField(editable=False, null=True)),
                ("allergies_asked_on", models.DateField(editable=False, null=True)),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ("form_key", models.UUIDField(editable=False, null=True)),
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
                    "home_site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facility.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("system", models.CharField(max_length=40)),
                (
                    "value",
                    tantam.lib.fields.EncryptedTextField(
                        context="patients.identifier", verbose_name="Number or code"
                    ),
                ),
                ("value_index", models.BigIntegerField(editable=False)),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="Whose number")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="Valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
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
                        to="patients.identifier",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="identifier",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="patients.patient"
            ),
        ),
        migrations.CreateModel(
            name="ContactPointEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "Phone"), ("email", "Email"), ("zalo", "Zalo")],
                        default="phone",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("value", tantam.lib.fields.EncryptedTextField(verbose_name="Number or address")),
                ("value_index", models.BigIntegerField(editable=False)),
                ("tail_index", models.BigIntegerField(editable=False, null=True)),
                (
                    "owner",
                    models.CharField(
                        choices=[
                            ("self", "The patient"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("spouse", "Wife or husband"),
                            ("child", "Son or daughter"),
                            ("sibling", "Brother or sister"),
                            ("guardian", "Guardian"),
                            ("other", "Someone else"),
                        ],
                        default="self",
                        max_length=10,
                        verbose_name="Whose",
                    ),
                ),
                ("owner_name", models.CharField(blank=True, max_length=120, verbose_name="Their name")),
                ("is_preferred", models.BooleanField(default=False, verbose_name="Preferred")),
                ("verified_at", models.DateTimeField(editable=False, null=True)),
                ("is_wrong", models.BooleanField(default=False, verbose_name="Wrong number")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="Best time, or a note")),
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
                        to="patients.contactpoint",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contact_points",
                to="patients.patient",
            ),
        ),
        migrations.CreateModel(
            name="PatientEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(editable=False, max_length=30, verbose_name="Patient code")),
                ("full_name", models.CharField(max_length=160, verbose_name="Full name")),
                ("name_key", models.CharField(editable=False, max_length=160)),
                ("name_key_reversed", models.CharField(editable=False, max_length=160)),
                ("birth_year", models.SmallIntegerField(blank=True, null=True, verbose_name="Year of birth")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="Date of birth")),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("male", "Male"),
                            ("female", "Female"),
                            ("other", "Other"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="Sex",
                    ),
                ),
                (
                    "identity_number",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Identity number"
                    ),
                ),
                ("identity_index", models.BigIntegerField(editable=False, null=True)),
                (
                    "insurance_number",
                    tantam.lib.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Health insurance number"
                    ),
                ),
                ("insurance_index", models.BigIntegerField(editable=False, null=True)),
                ("province", models.CharField(blank=True, max_length=80, verbose_name="Province or city")),
                ("commune", models.CharField(blank=True, max_length=80, verbose_name="Commune or ward")),
                ("address_line", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("vi", "Vietnamese"),
                            ("en", "English"),
                            ("zh-hans", "Chinese"),
                            ("other", "Another language"),
                        ],
                        default="vi",
                        max_length=10,
                        verbose_name="Preferred language",
                    ),
                ),
                (
                    "salutation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("anh", "anh"),
                            ("chị", "chị"),
                            ("cô", "cô"),
                            ("chú", "chú"),
                            ("bác", "bác"),
                            ("ông", "ông"),
                            ("bà", "bà"),
                            ("em", "em"),
                            ("bé", "bé"),
                        ],
                        max_length=10,
                        verbose_name="Addressed as",
                    ),
                ),
                (
                    "vulnerability",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("frail", "Frail"),
                                ("anxious", "Anxious"),
                                ("pregnant", "Pregnant"),
                                ("disabled", "Disability"),
                                ("hearing", "Hard of hearing"),
                                ("vision", "Low vision"),
                                ("language", "Needs an interpreter"),
                                ("child", "Child: speak with the guardian"),
                                ("decides_with_help", "Someone else decides for them"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Needs particular care",
                    ),
                ),
                ("notes", tantam.lib.fields.EncryptedTextField(blank=True, default="", verbose_name="Notes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("deceased", "Deceased"),
                            ("inactive", "No longer our patient"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("deceased_on", models.DateField(blank=True, null=True, verbose_name="Date of death")),
                ("came_from", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
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
                    "home_site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facility.site",
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
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Relative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=160, verbose_name="Full name")),
                (
                    "relationship",
                    models.CharField(
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
                        default="other",
                        max_length=20,
                        verbose_name="Relationship",
                    ),
                ),
                (
                    "is_guardian",
                    models.BooleanField(default=False, verbose_name="Guardian: decides for the patient"),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "contact_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="patients.contactpoint",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relatives",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "ordering": ("-is_guardian", "id"),
            },
        ),
        migrations.CreateModel(
            name="RelativeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("full_name", models.CharField(max_length=160, verbose_name="Full name")),
                (
                    "relationship",
                    models.CharField(
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
                        default="other",
                        max_length=20,
                        verbose_name="Relationship",
                    ),
                ),
                (
                    "is_guardian",
                    models.BooleanField(default=False, verbose_name="Guardian: decides for the patient"),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="patients.contactpoint",
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
                        to="patients.relative",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("name_key", "text_pattern_ops"),
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                name="patient_name_key",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("full_name", "text_pattern_ops"),
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                name="patient_name_written",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                models.Func(models.F("name_key"), models.Value(" "), models.Value(1), function="split_part"),
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                name="patient_first_word",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                models.Func(
                    models.F("name_key_reversed"), models.Value(" "), models.Value(1), function="split_part"
                ),
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                include=("id", "name_key_reversed", "birth_year", "birth_date"),
                name="patient_last_word",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                include=("id", "name_key", "birth_year", "birth_date"),
                name="patient_last_seen",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=django.contrib.postgres.indexes.GinIndex(
                django.db.models.expressions.RawSQL(
                    "array_to_tsvector(array_remove(string_to_array(name_key || ' ' || full_name || ' ' || regexp_replace(name_key, '([^ ]{1,1})[^ ]*', '\\1:', 'g') || ' ' || regexp_replace(name_key, '([^ ]{1,2})[^ ]*', '\\1:', 'g') || ' ' || regexp_replace(name_key, '([^ ]{1,3})[^ ]*', '\\1:', 'g') || ' ' || regexp_replace(name_key, '([^ ]{1,4})[^ ]*', '\\1:', 'g') || ' ' || regexp_replace(name_key, '([^ ]{1,5})[^ ]*', '\\1:', 'g') || COALESCE(' #' || birth_year::text || CASE WHEN birth_date IS NULL THEN ' #?' || birth_year::text ELSE '' END, ''), ' '), ''))",
                    (),
                ),
                name="patient_words",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                models.F("birth_date"),
                models.OrderBy(models.F("last_encounter_on"), descending=True, nulls_last=True),
                condition=models.Q(("birth_date__isnull", False)),
                name="patient_birth_date",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("identity_index__isnull", False)),
                fields=["identity_index"],
                name="patient_identity",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("insurance_index__isnull", False)),
                fields=["insurance_index"],
                name="patient_insurance",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("birth_date__isnull", True), ("birth_year__isnull", False), _connector="OR"
                ),
                name="birth_date_has_its_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("identity_index__isnull", False), ("status", "active")),
                fields=("identity_index",),
                name="identity_once_among_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key__isnull", False)),
                fields=("form_key",),
                name="patient_once_a_form",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."address_line" IS DISTINCT FROM (NEW."address_line") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."birth_year" IS DISTINCT FROM (NEW."birth_year") OR OLD."came_from" IS DISTINCT FROM (NEW."came_from") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."commune" IS DISTINCT FROM (NEW."commune") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."deceased_on" IS DISTINCT FROM (NEW."deceased_on") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."home_site_id" IS DISTINCT FROM (NEW."home_site_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identity_index" IS DISTINCT FROM (NEW."identity_index") OR OLD."identity_number" IS DISTINCT FROM (NEW."identity_number") OR OLD."insurance_index" IS DISTINCT FROM (NEW."insurance_index") OR OLD."insurance_number" IS DISTINCT FROM (NEW."insurance_number") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name_key" IS DISTINCT FROM (NEW."name_key") OR OLD."name_key_reversed" IS DISTINCT FROM (NEW."name_key_reversed") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."province" IS DISTINCT FROM (NEW."province") OR OLD."salutation" IS DISTINCT FROM (NEW."salutation") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."vulnerability" IS DISTINCT FROM (NEW."vulnerability"))',
                    func='INSERT INTO "patients_patientevent" ("address_line", "birth_date", "birth_year", "came_from", "code", "commune", "created_at", "created_by_id", "deceased_on", "full_name", "home_site_id", "id", "identity_index", "identity_number", "insurance_index", "insurance_number", "language", "name_key", "name_key_reversed", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province", "salutation", "sex", "status", "version", "vulnerability") VALUES (OLD."address_line", OLD."birth_date", OLD."birth_year", OLD."came_from", OLD."code", OLD."commune", OLD."created_at", OLD."created_by_id", OLD."deceased_on", OLD."full_name", OLD."home_site_id", OLD."id", OLD."identity_index", OLD."identity_number", OLD."insurance_index", OLD."insurance_number", OLD."language", OLD."name_key", OLD."name_key_reversed", OLD."notes", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."province", OLD."salutation", OLD."sex", OLD."status", OLD."version", OLD."vulnerability"); RETURN NULL;',
                    hash="229834b250ef59b3f67c3378782bb640421a4109",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_546ce",
                    table="patients_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_patientevent" ("address_line", "birth_date", "birth_year", "came_from", "code", "commune", "created_at", "created_by_id", "deceased_on", "full_name", "home_site_id", "id", "identity_index", "identity_number", "insurance_index", "insurance_number", "language", "name_key", "name_key_reversed", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "province", "salutation", "sex", "status", "version", "vulnerability") VALUES (OLD."address_line", OLD."birth_date", OLD."birth_year", OLD."came_from", OLD."code", OLD."commune", OLD."created_at", OLD."created_by_id", OLD."deceased_on", OLD."full_name", OLD."home_site_id", OLD."id", OLD."identity_index", OLD."identity_number", OLD."insurance_index", OLD."insurance_number", OLD."language", OLD."name_key", OLD."name_key_reversed", OLD."notes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."province", OLD."salutation", OLD."sex", OLD."status", OLD."version", OLD."vulnerability"); RETURN NULL;',
                    hash="4b87e2c0fa82eab38b812742fa723e1c225d3566",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9898d",
                    table="patients_patient",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifierevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="4bfca4a2212a0d314307705753ab8fad00b1aece",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_61158",
                    table="patients_identifierevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifierevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="08bca3c936aac2d3345625cf2a0b3b7992bdc36b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_7c0c6",
                    table="patients_identifierevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="identifier",
            index=models.Index(fields=["value_index"], name="identifier_by_value"),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until__isnull", True)),
                fields=("value_index", "system"),
                name="identifier_means_one_patient",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "patients_identifierevent" ("id", "label", "noted_at", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system", "valid_from", "valid_until", "value", "value_index") VALUES (OLD."id", OLD."label", OLD."noted_at", OLD."patient_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."system", OLD."valid_from", OLD."valid_until", OLD."value", OLD."value_index"); RETURN NULL;',
                    hash="be040283d005a6bae345fe26ea10f244e9c0db79",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_41937",
                    table="patients_identifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_identifierevent" ("id", "label", "noted_at", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "system", "valid_from", "valid_until", "value", "value_index") VALUES (OLD."id", OLD."label", OLD."noted_at", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."system", OLD."valid_from", OLD."valid_until", OLD."value", OLD."value_index"); RETURN NULL;',
                    hash="408e749e3ab9638bfd0f39a61bc2165b06538598",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f4674",
                    table="patients_identifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpointevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="d8d316148ae3d47c017e124877480bcacf3833e1",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_84142",
                    table="patients_contactpointevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpointevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="49af3135a401ea7ce0dcb3fe6beea1982a075385",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_17425",
                    table="patients_contactpointevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["value_index"], name="contact_by_value"),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(
                condition=models.Q(("tail_index__isnull", False)),
                fields=["tail_index"],
                name="contact_by_tail",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                fields=("patient", "kind", "value_index"), name="contact_point_once_a_patient"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_preferred", True)),
                fields=("patient", "kind"),
                name="one_preferred_contact_a_kind",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "patients_contactpointevent" ("id", "is_preferred", "is_wrong", "kind", "note", "owner", "owner_name", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tail_index", "value", "value_index", "verified_at") VALUES (OLD."id", OLD."is_preferred", OLD."is_wrong", OLD."kind", OLD."note", OLD."owner", OLD."owner_name", OLD."patient_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."tail_index", OLD."value", OLD."value_index", OLD."verified_at"); RETURN NULL;',
                    hash="e9491876fc9817430c184332cc6ad667a8906425",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_93a42",
                    table="patients_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_contactpointevent" ("id", "is_preferred", "is_wrong", "kind", "note", "owner", "owner_name", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tail_index", "value", "value_index", "verified_at") VALUES (OLD."id", OLD."is_preferred", OLD."is_wrong", OLD."kind", OLD."note", OLD."owner", OLD."owner_name", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tail_index", OLD."value", OLD."value_index", OLD."verified_at"); RETURN NULL;',
                    hash="e7c7c8ef747fcb59cdb4117d3b0cd59364b41b3f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2a5d5",
                    table="patients_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="866d2a5cada9078e71db736879a9b281a9a609fa",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ade9e",
                    table="patients_patientevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="3820b54afab35652ea4acaf47c2c30a99c8d2ec1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_aa328",
                    table="patients_patientevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="relative",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_key__isnull", False)),
                fields=("form_key",),
                name="relative_once_a_form",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relative",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."contact_point_id" IS DISTINCT FROM (NEW."contact_point_id") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_guardian" IS DISTINCT FROM (NEW."is_guardian") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."relationship" IS DISTINCT FROM (NEW."relationship"))',
                    func='INSERT INTO "patients_relativeevent" ("contact_point_id", "full_name", "id", "is_guardian", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relationship") VALUES (OLD."contact_point_id", OLD."full_name", OLD."id", OLD."is_guardian", OLD."patient_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."relationship"); RETURN NULL;',
                    hash="2dcfe26349eac11b615d71767bf8d00d4643a3ff",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c26b4",
                    table="patients_relative",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relative",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "patients_relativeevent" ("contact_point_id", "full_name", "id", "is_guardian", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relationship") VALUES (OLD."contact_point_id", OLD."full_name", OLD."id", OLD."is_guardian", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."relationship"); RETURN NULL;',
                    hash="c3296472f6921fd1fc9500cc370610799b4685dd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fd6a3",
                    table="patients_relative",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relativeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="ac2bd09ab485cbb77d1845705b22988aeaf80287",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_337a9",
                    table="patients_relativeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relativeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="1f328873a5bc5c7b976d3b99b34186ef699a3507",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_ccda2",
                    table="patients_relativeevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
