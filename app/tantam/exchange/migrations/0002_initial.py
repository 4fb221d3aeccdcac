import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("exchange", "0001_initial"),
        ("facility", "0001_initial"),
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="likelyduplicate",
            name="known",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="patients.patient"
            ),
        ),
        migrations.AddField(
            model_name="likelyduplicate",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="patients.patient"
            ),
        ),
        migrations.AddField(
            model_name="likelyduplicate",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="likely_duplicates",
                to="exchange.importrun",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="answered_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="patient",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="exchange.importrun"
            ),
        ),
        migrations.AddField(
            model_name="runpart",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="exchange.importrun"
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facility.site",
                verbose_name="Visits belong to the site",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="exchange.source"
            ),
        ),
        migrations.AddField(
            model_name="importedidentity",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exchange.source",
            ),
        ),
        migrations.AddField(
            model_name="stagedalias",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="exchange.importrun",
            ),
        ),
        migrations.AddField(
            model_name="stageditem",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="exchange.importrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="likelyduplicate",
            constraint=models.UniqueConstraint(fields=("patient", "known"), name="likely_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("run", "seq"), name="asked_once"),
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(
                condition=models.Q(("state__in", ["reading", "applying", "undoing"])),
                fields=["state"],
                name="import_run_working",
            ),
        ),
        migrations.AddIndex(
            model_name="importedidentity",
            index=models.Index(fields=["kind", "object_id"], name="imported_by_object"),
        ),
        migrations.AddConstraint(
            model_name="importedidentity",
            constraint=models.UniqueConstraint(
                fields=("source", "kind", "external_id"), name="imported_once"
            ),
        ),
        migrations.AddIndex(
            model_name="stagedalias",
            index=models.Index(fields=["run", "kind", "alias"], name="staged_alias"),
        ),
        migrations.AddIndex(
            model_name="stageditem",
            index=models.Index(fields=["run", "kind", "external_id"], name="staged_by_identity"),
        ),
        migrations.AddIndex(
            model_name="stageditem",
            index=models.Index(
                condition=models.Q(("verdict", "refused")),
                fields=["run", "verdict", "rank", "seq"],
                name="staged_refused",
            ),
        ),
        migrations.AddIndex(
            model_name="stageditem",
            index=models.Index(
                condition=models.Q(("identity_index__isnull", False)),
                fields=["run", "identity_index"],
                name="staged_by_person",
            ),
        ),
        migrations.AddIndex(
            model_name="stageditem",
            index=models.Index(
                condition=models.Q(("code", ""), _negated=True), fields=["run", "code"], name="staged_by_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="stageditem",
            constraint=models.UniqueConstraint(fields=("run", "rank", "seq"), name="staged_once"),
        ),
    ]
