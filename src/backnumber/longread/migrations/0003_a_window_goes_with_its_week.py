"""The database closes the window of a week that is deleted, however it is deleted; windows left open by weeks long gone close now."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION longread_week_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM archive_freewindow WHERE id = OLD.window_id;
    RETURN NULL;
END $$;

CREATE TRIGGER longread_week_gone AFTER DELETE ON longread_longread
    FOR EACH ROW EXECUTE FUNCTION longread_week_gone();

DELETE FROM archive_freewindow AS one
WHERE why = 'this week’s long read'
AND NOT EXISTS (SELECT FROM longread_longread WHERE window_id = one.id);
"""
BACKWARDS = """
DROP TRIGGER longread_week_gone ON longread_longread;
DROP FUNCTION longread_week_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("longread", "0002_one_recipient_at_a_time"),
        ("archive", "0003_walls_embargo_anniversaries"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
