"""The database itself voids passes, in the transaction that changes what they say, and tells every front.

A grant made, changed or removed, and a reader's password, state or role changed, begin a new generation of the reader's passes.
A session that is deleted before its time is noted by its mark (pages.passes.session_mark).
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION passes_void(readers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
    FOR one IN
        INSERT INTO passes_generation AS known (reader, number, changed_at)
        SELECT DISTINCT reader, 1, now() FROM unnest(readers) AS reader WHERE reader IS NOT NULL ORDER BY reader
        ON CONFLICT (reader) DO UPDATE SET number = known.number + 1, changed_at = now()
        RETURNING reader, number
    LOOP
        PERFORM pg_notify('backnumber', 'reader ' || one.reader || ' ' || one.number);
    END LOOP;
END $$;

CREATE FUNCTION passes_grant_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM passes_void(array(SELECT reader_id FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION passes_grant_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM passes_void(array(SELECT reader_id FROM new_rows UNION SELECT reader_id FROM old_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION passes_grant_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM passes_void(array(SELECT reader_id FROM old_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION passes_reader_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM passes_void(array(
        SELECT n.id FROM new_rows AS n JOIN old_rows AS o USING (id)
        WHERE (n.password, n.is_active, n.is_staff, n.is_superuser)
            IS DISTINCT FROM (o.password, o.is_active, o.is_staff, o.is_superuser)
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION passes_reader_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM passes_void(array(SELECT id FROM old_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION passes_session_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
    FOR one IN
        INSERT INTO passes_endedsession AS known (mark, ended_at)
        SELECT substring(sha256(session_key::bytea) FROM 1 FOR 8), now() FROM old_rows WHERE expire_date > now()
        ON CONFLICT (mark) DO UPDATE SET ended_at = now()
        RETURNING mark
    LOOP
        PERFORM pg_notify('backnumber', 'session ' || encode(one.mark, 'hex'));
    END LOOP;
    RETURN NULL;
END $$;
"""
NAMES = ("passes_grant_new()", "passes_grant_changed()", "passes_grant_gone()", "passes_reader_changed()",
         "passes_reader_gone()", "passes_session_gone()", "passes_void(bigint[])")  # fmt: skip
NEW, OLD = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows"
TRIGGERS = (
    ("subscriptions_grant", "INSERT", NEW, "passes_grant_new"),
    ("subscriptions_grant", "UPDATE", f"{OLD} {NEW}", "passes_grant_changed"),
    ("subscriptions_grant", "DELETE", OLD, "passes_grant_gone"),
    ("readers_reader", "UPDATE", f"{OLD} {NEW}", "passes_reader_changed"),
    ("readers_reader", "DELETE", OLD, "passes_reader_gone"),
    ("django_session", "DELETE", OLD, "passes_session_gone"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("passes", "0001_initial"),
        ("subscriptions", "0001_initial"),
        ("readers", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, "; ".join(f"DROP FUNCTION {name}" for name in NAMES)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER passes_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER passes_{event.lower()} ON {table}",
            )
            for table, event, rows, function in TRIGGERS
        ),
    ]
