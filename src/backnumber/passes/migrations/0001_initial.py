"""The database itself voids passes, in the transaction that changes what they say, and tells the door of every process.

A grant made, changed or removed, and a reader's password, state or role changed, begin a new generation of the reader's passes.
A session that is deleted before its time is noted by its digest (`edge.page.passes.session_digest`).

What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the number
of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

from django.db import migrations, models

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

CREATE FUNCTION passes_reader_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
NAMES = ('passes_session_gone()', 'passes_reader_gone()', 'passes_reader_changed()', 'passes_grant_gone()', 'passes_grant_changed()', 'passes_grant_new()', 'passes_void(bigint[])')
NEW, OLD = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows"
TRIGGERS = (
    ("grants_grant", "INSERT", NEW, "passes_grant_new"),
    ("grants_grant", "UPDATE", f"{OLD} {NEW}", "passes_grant_changed"),
    ("grants_grant", "DELETE", OLD, "passes_grant_gone"),
    ("readers_reader", "UPDATE", f"{OLD} {NEW}", "passes_reader_changed"),
    ("readers_reader", "DELETE", OLD, "passes_reader_gone"),
    ("django_session", "DELETE", OLD, "passes_session_gone"),
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sessions', '0001_initial'),
        ('readers', '0001_initial'),
        ('grants', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EndedSession',
            fields=[
                ('mark', models.BinaryField(max_length=8, primary_key=True, serialize=False)),
                ('ended_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('reader', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(db_index=True)),
            ],
        ),
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
