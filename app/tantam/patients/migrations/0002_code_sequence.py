from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE patients_code AS bigint",
            "DROP SEQUENCE patients_code",
        ),
    ]
