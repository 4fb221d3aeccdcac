import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("facility", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="current_site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="facility.site",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="memberevent",
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
            model_name="memberevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ownrole",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("retired_at__isnull", True)),
                name="own_role_name_once",
                violation_error_message="There is a role of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("idle_minutes__range", (10, 720))), name="own_role_idle_minutes"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownrole",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_ownroleevent" ("created_at", "id", "idle_minutes", "name", "permissions", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "submission") VALUES (NEW."created_at", NEW."id", NEW."idle_minutes", NEW."name", NEW."permissions", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."submission"); RETURN NULL;',
                    hash="1c9224d070b13f98ca0e99e5e14e26f301fcc441",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_be4bf",
                    table="accounts_ownrole",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownrole",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_ownroleevent" ("created_at", "id", "idle_minutes", "name", "permissions", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "submission") VALUES (OLD."created_at", OLD."id", OLD."idle_minutes", OLD."name", OLD."permissions", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."submission"); RETURN NULL;',
                    hash="c9d0d88338c4cfb219c36716637cc3f1020aecc3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8b2aa",
                    table="accounts_ownrole",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="ownroleevent",
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
            model_name="ownroleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="accounts.ownrole",
            ),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="member",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="practitioner",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practitioners",
                to="facility.site",
            ),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="speciality",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="facility.speciality"
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="own_role",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to="accounts.ownrole",
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="facility.site"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_once",
                violation_error_message="This user name is taken. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="email_once",
                violation_error_message="Another member already has this email address.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."deactivated_at" IS DISTINCT FROM (NEW."deactivated_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."job_title" IS DISTINCT FROM (NEW."job_title") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name_key" IS DISTINCT FROM (NEW."name_key") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "accounts_memberevent" ("created_at", "deactivated_at", "email", "full_name", "id", "job_title", "language", "name_key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "theme", "username") VALUES (NEW."created_at", NEW."deactivated_at", NEW."email", NEW."full_name", NEW."id", NEW."job_title", NEW."language", NEW."name_key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."theme", NEW."username"); RETURN NULL;',
                    hash="adf19e756808c230b04ad14b1588f84c3123ca91",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c4fcd",
                    table="accounts_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_memberevent" ("created_at", "deactivated_at", "email", "full_name", "id", "job_title", "language", "name_key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "theme", "username") VALUES (OLD."created_at", OLD."deactivated_at", OLD."email", OLD."full_name", OLD."id", OLD."job_title", OLD."language", OLD."name_key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."theme", OLD."username"); RETURN NULL;',
                    hash="1eb84109b38a90ab11504c1bf71df63c4fb7f527",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_71729",
                    table="accounts_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="memberevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="5ae998d0057f7d49aa7eb918553664abf6bec694",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3bbc1",
                    table="accounts_memberevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="memberevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="a1731b274e8a84ebe7629f7db2ba33ad7658f518",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_b8948",
                    table="accounts_memberevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownroleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;",
                    hash="51af3be48afe72a185b94ae536389ab212c879d1",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b2dc2",
                    table="accounts_ownroleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ownroleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME;",
                    hash="b982292515276721b6d4cc492217a4eaf68ed285",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_785e4",
                    table="accounts_ownroleevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                fields=("member", "role", "own_role", "site"), name="role_once_a_site", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("own_role__isnull", False), ("role", "")),
                    models.Q(models.Q(("role", ""), _negated=True), ("own_role__isnull", True)),
                    _connector="OR",
                ),
                name="shipped_role_or_own",
            ),
        ),
    ]
