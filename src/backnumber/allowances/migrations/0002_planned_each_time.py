"""What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the
number of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

from django.db import migrations

PLANNED_EACH_TIME = """
CREATE OR REPLACE FUNCTION allowances_tell_of_revoked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        SELECT count(pg_notify('backnumber', 'gift ' || n.id)) FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE n.revoked_at IS DISTINCT FROM o.revoked_at
    $q$;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION allowances_revoke_with_grant() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        UPDATE allowances_giftlink AS link SET revoked_at = gone.at
        FROM (
            SELECT n.reader_id, max(n.revoked_at) AS at FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE o.revoked_at IS NULL AND n.revoked_at IS NOT NULL GROUP BY n.reader_id
        ) AS gone
        WHERE link.reader_id = gone.reader_id AND link.revoked_at IS NULL AND link.until > gone.at AND NOT EXISTS (
            SELECT 1 FROM subscriptions_grant AS other
            WHERE other.reader_id = gone.reader_id AND other.revoked_at IS NULL
                AND other.evidence IN ('payment', 'print-subscription', 'staff')
                AND other.starts <= gone.at AND (other.until IS NULL OR other.until > gone.at)
        )
    $q$;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("allowances", "0001_initial")]

    operations = [migrations.RunSQL(PLANNED_EACH_TIME, migrations.RunSQL.noop)]
