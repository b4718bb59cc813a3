"""The database itself notes what the index must hear of: no room can forget to, and a rolled-back change leaves no note.

One statement on many rows (an import) fires once. Titles and sections are indexed by key: their names may change freely.
"""

from django.db import migrations

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

CREATE FUNCTION search_note_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(
        SELECT id FROM new_rows AS n JOIN old_rows AS o USING (id)
        WHERE (n.live, n.issue_id, n.section_id, n.headline, n.standfirst, n.byline, n.body)
            IS DISTINCT FROM (o.live, o.issue_id, o.section_id, o.headline, o.standfirst, o.byline, o.body)
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(
        SELECT a.id FROM new_rows AS n JOIN old_rows AS o USING (id) JOIN archive_article AS a ON a.issue_id = n.id
        WHERE (n.live, n.title_id, n.sort_date) IS DISTINCT FROM (o.live, o.title_id, o.sort_date)
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_contributor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM search_note(array(
        SELECT w.article_id FROM new_rows AS n JOIN old_rows AS o USING (id) JOIN archive_authorship AS w ON w.contributor_id = n.id
        WHERE (n.name, n.variants) IS DISTINCT FROM (o.name, o.variants)
    ));
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
NAMES = (
    "search_note_new()",
    "search_note_gone()",
    "search_note_article()",
    "search_note_issue()",
    "search_note_contributor()",
    "search_note_authorship_new()",
    "search_note_authorship_gone()",
    "search_note(bigint[])",
)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("archive", "0002_initial")]

    operations = [
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
