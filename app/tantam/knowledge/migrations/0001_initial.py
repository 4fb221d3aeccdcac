import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("facility", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Guide",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="Title")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                        verbose_name="Occasion",
                    ),
                ),
                (
                    "diagnosis_prefixes",
                    models.CharField(blank=True, max_length=120, verbose_name="Diagnosis codes begin with"),
                ),
                (
                    "mark",
                    models.CharField(
                        blank=True,
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
                        verbose_name="Patients who need particular care",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("starter_key", models.SlugField(blank=True, default="", editable=False, max_length=40)),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "speciality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="facility.speciality",
                        verbose_name="Speciality",
                    ),
                ),
            ],
            options={
                "ordering": ("occasion", "title"),
            },
        ),
        migrations.CreateModel(
            name="GuideEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=160, verbose_name="Title")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("before_reexamination", "Before a re-examination"),
                            ("after_encounter", "After a visit"),
                        ],
                        max_length=30,
                        verbose_name="Occasion",
                    ),
                ),
                (
                    "diagnosis_prefixes",
                    models.CharField(blank=True, max_length=120, verbose_name="Diagnosis codes begin with"),
                ),
                (
                    "mark",
                    models.CharField(
                        blank=True,
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
                        verbose_name="Patients who need particular care",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                (
                    "starter_key",
                    models.SlugField(blank=True, db_index=False, default="", editable=False, max_length=40),
                ),
                ("submission", models.UUIDField(editable=False, null=True)),
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
                        to="knowledge.guide",
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
                        verbose_name="Speciality",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GuideVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("goals", models.JSONField(default=list)),
                ("questions", models.JSONField(default=list)),
                ("facts", models.JSONField(default=list)),
                ("cautions", models.JSONField(default=list)),
                (
                    "published_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="knowledge.guide",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.UniqueConstraint(
                condition=models.Q(("starter_key", ""), _negated=True),
                fields=("starter_key",),
                name="starter_guide_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guide",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "knowledge_guideevent" ("diagnosis_prefixes", "id", "is_active", "mark", "occasion", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "speciality_id", "starter_key", "submission", "title") VALUES (NEW."diagnosis_prefixes", NEW."id", NEW."is_active", NEW."mark", NEW."occasion", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."speciality_id", NEW."starter_key", NEW."submission", NEW."title"); RETURN NULL;',
                    hash="e5f5413f87358d962750bf622a925bc64832dd64",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_33b8e",
                    table="knowledge_guide",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guide",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "knowledge_guideevent" ("diagnosis_prefixes", "id", "is_active", "mark", "occasion", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "speciality_id", "starter_key", "submission", "title") VALUES (OLD."diagnosis_prefixes", OLD."id", OLD."is_active", OLD."mark", OLD."occasion", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."speciality_id", OLD."starter_key", OLD."submission", OLD."title"); RETURN NULL;',
                    hash="974a26efeae30a0c22d1ae2b062eec5b37b0ed72",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9d84e",
                    table="knowledge_guide",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guideevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="81d3e0489e94ea1003c92172e1808b3fddc70aa5",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6a4bd",
                    table="knowledge_guideevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guideevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="6bca765ccecc2682de0bf39cd2725b471cc4c65e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_08ff2",
                    table="knowledge_guideevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="guideversion",
            constraint=models.UniqueConstraint(fields=("guide", "number"), name="guide_version_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guideversion",
            trigger=pgtrigger.compiler.Trigger(
                name="guide_version_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fde859d77bc96ee3d397e3f442331f03beb7abe1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_guide_version_fixed_b62a3",
                    table="knowledge_guideversion",
                    when="BEFORE",
                ),
            ),
        ),
    ]
