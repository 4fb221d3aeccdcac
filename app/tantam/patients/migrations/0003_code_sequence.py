from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_finding_patients")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE patients_code AS bigint",
            "DROP SEQUENCE patients_code",
        ),
    ]
