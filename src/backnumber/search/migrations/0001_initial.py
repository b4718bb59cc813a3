"""The database itself notes what the index must hear of: no room can forget to, and a rolled-back change leaves no note.

One statement on many rows (an import) fires once. Titles and sections are indexed by key: their names may change freely.

What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the number
of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION search_note(articles bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_change (article_id, xid, at)
    SELECT DISTINCT one, pg_current_xact_id()::text::bigint, now() FROM unnest(articles) AS one WHERE one IS NOT NULL
$$;

CREATE FUNCTION search_note_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(SELECT id FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(SELECT id FROM old_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE (n.live, n.issue_id, n.section_id, n.headline, n.standfirst, n.byline, n.body)
                IS DISTINCT FROM (o.live, o.issue_id, o.section_id, o.headline, o.standfirst, o.byline, o.body)
        )
    $q$ INTO articles;
    PERFORM search_note(articles);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT a.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id JOIN archive_article AS a ON a.issue_id = n.id
            WHERE (n.live, n.title_id, n.sort_date) IS DISTINCT FROM (o.live, o.title_id, o.sort_date)
        )
    $q$ INTO articles;
    PERFORM search_note(articles);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_contributor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT w.article_id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            JOIN archive_authorship AS w ON w.contributor_id = n.id
            WHERE (n.name, n.variants) IS DISTINCT FROM (o.name, o.variants)
        )
    $q$ INTO articles;
    PERFORM search_note(articles);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_authorship_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(SELECT article_id FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_authorship_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(SELECT article_id FROM old_rows));
    RETURN NULL;
END $$;
"""
NAMES = ('search_note_authorship_gone()', 'search_note_authorship_new()', 'search_note_contributor()', 'search_note_issue()', 'search_note_article()', 'search_note_gone()', 'search_note_new()', 'search_note(bigint[])')
TRIGGERS = (
    ("archive_article", "INSERT", "search_note_new"),
    ("archive_article", "UPDATE", "search_note_article"),
    ("archive_article", "DELETE", "search_note_gone"),
    ("archive_issue", "UPDATE", "search_note_issue"),
    ("archive_contributor", "UPDATE", "search_note_contributor"),
    ("archive_authorship", "INSERT", "search_note_authorship_new"),
    ("archive_authorship", "UPDATE", "search_note_authorship_new"),
    ("archive_authorship", "DELETE", "search_note_authorship_gone"),
)
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article_id', models.BigIntegerField()),
                ('xid', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['xid', 'id'], name='search_change_in_order'), models.Index(fields=['at'], name='search_change_at')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=80)),
                ('since', models.DateTimeField()),
                ('seconds', models.PositiveIntegerField()),
                ('searches', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['since'], name='search_tally_since')],
                'constraints': [models.UniqueConstraint(fields=('who', 'seconds', 'since'), name='one_tally_per_span')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "; ".join(f"DROP FUNCTION {name}" for name in NAMES)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER search_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER search_{event.lower()} ON {table}",
            )
            for table, event, function in TRIGGERS
        ),
    ]
