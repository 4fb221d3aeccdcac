import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RenameModel("Notice", "BellItem"),
        migrations.RenameIndex("bellitem", new_name="bell_by_member", old_name="notice_by_member"),
        migrations.RenameIndex("bellitem", new_name="bell_unread", old_name="notice_unread"),
        migrations.AlterField(
            "bellitem",
            "member",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="bell_items",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
