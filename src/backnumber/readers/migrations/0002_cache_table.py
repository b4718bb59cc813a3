from django.db import migrations

# The columns of django.core.cache.backends.db, as `createcachetable` makes them. A table for counting need not survive a crash.


class Migration(migrations.Migration):
    dependencies = [("readers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                """
                CREATE UNLOGGED TABLE IF NOT EXISTS backnumber_cache (
                    cache_key varchar(255) NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamp with time zone NOT NULL
                )
                """,
                "CREATE INDEX IF NOT EXISTS backnumber_cache_expires ON backnumber_cache (expires)",
            ],
            reverse_sql="DROP TABLE IF EXISTS backnumber_cache",
        ),
    ]
