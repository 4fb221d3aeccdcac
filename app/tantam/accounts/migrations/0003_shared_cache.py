from django.db import migrations


class Migration(migrations.Migration):
    """The cache all web workers share: rate limits of sign-in count together."""

    dependencies = [("accounts", "0002_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE TABLE shared_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX shared_cache_expires ON shared_cache (expires);
            """,
            reverse_sql="DROP TABLE shared_cache;",
        )
    ]
