"""Information pages among what makes a stored page void.

Keys: `information:ID` anything of a published one; `*` when a menu changes, for menus stand on every page.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION edge_in_menu(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN (of_row ->> 'live')::boolean AND of_row ->> 'menu' <> 'none'
        THEN jsonb_build_array(of_row -> 'slug', of_row -> 'title', of_row -> 'menu', of_row -> 'position')
    END
$$;

CREATE FUNCTION edge_note_information() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM edge_tell(array(
            SELECT unnest(ARRAY['information:' || id] || CASE WHEN menu <> 'none' THEN ARRAY['*'] END)
            FROM new_rows WHERE live
        ));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM edge_tell(array(
            SELECT unnest(ARRAY['information:' || id] || CASE WHEN menu <> 'none' THEN ARRAY['*'] END)
            FROM old_rows WHERE live
        ));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(
                    ARRAY['information:' || id]
                    || CASE WHEN edge_in_menu(now_is) IS DISTINCT FROM edge_in_menu(was) THEN ARRAY['*'] END
                )
                FROM (
                    SELECT n.id, edge_shown(to_jsonb(n)) AS now_is, edge_shown(to_jsonb(o)) AS was
                    FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
                    WHERE n.live OR o.live
                ) AS both_rows
                WHERE now_is <> was
            )
        $q$ INTO said;
        PERFORM edge_tell(said);
    END IF;
    RETURN NULL;
END $$;
"""
NAMES = ("edge_note_information()", "edge_in_menu(jsonb)")
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


class Migration(migrations.Migration):

    dependencies = [
        ('information', '0001_initial'),
        ('edge', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, "; ".join(f"DROP FUNCTION {name}" for name in NAMES)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER edge_{event.lower()} AFTER {event} ON information_informationpage "
                f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION edge_note_information()",
                f"DROP TRIGGER edge_{event.lower()} ON information_informationpage",
            )
            for event, rows in ROWS.items()
        ),
    ]
