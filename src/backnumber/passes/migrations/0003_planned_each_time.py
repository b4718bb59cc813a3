"""What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the
number of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

from django.db import migrations

PLANNED_EACH_TIME = """
CREATE OR REPLACE FUNCTION passes_reader_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    readers bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE (n.password, n.is_active, n.is_staff, n.is_superuser)
                IS DISTINCT FROM (o.password, o.is_active, o.is_staff, o.is_superuser)
        )
    $q$ INTO readers;
    PERFORM passes_void(readers);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("passes", "0002_triggers")]

    operations = [migrations.RunSQL(PLANNED_EACH_TIME, migrations.RunSQL.noop)]
