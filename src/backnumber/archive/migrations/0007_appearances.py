"""The database itself keeps when an article came to readers and when it last changed for them, whoever changes it, also many
at once. What is published again as it was has not changed.

What compares rows before and after is planned anew each time (EXECUTE), as in the press.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION archive_changed(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        UPDATE archive_appearance AS shown SET changed_at = clock_timestamp()
        FROM unnest($1) AS one WHERE shown.article_id = one
    $q$ USING articles;
END $$;

CREATE FUNCTION archive_appear(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        UPDATE archive_appearance AS shown
        SET told_on = greatest((clock_timestamp() AT TIME ZONE 'UTC')::date, a.online_date), changed_at = clock_timestamp()
        FROM unnest($1) AS one JOIN archive_article AS a ON a.id = one JOIN archive_issue AS i ON i.id = a.issue_id
        WHERE shown.article_id = a.id AND a.live AND i.live AND shown.told_on IS NULL
    $q$ USING articles;
END $$;

CREATE FUNCTION archive_article_came() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive_appearance (article_id, changed_at) SELECT id, clock_timestamp() FROM new_rows;
    PERFORM archive_appear(array(SELECT id FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION archive_article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
    moved bigint[];
BEGIN
    EXECUTE $q$
        SELECT
            array_agg(n.id) FILTER (WHERE
                (n.headline, n.standfirst, n.byline, n.body, n.lead_in_ends_after, n.section_id, n.language, n.slug, n.issue_id,
                 n.online_date, n.live)
                IS DISTINCT FROM
                (o.headline, o.standfirst, o.byline, o.body, o.lead_in_ends_after, o.section_id, o.language, o.slug, o.issue_id,
                 o.online_date, o.live)
            ),
            array_agg(n.id) FILTER (WHERE (n.live, n.issue_id, n.online_date) IS DISTINCT FROM (o.live, o.issue_id, o.online_date))
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
    $q$ INTO changed, moved;
    PERFORM archive_changed(changed);
    IF moved IS NOT NULL THEN
        EXECUTE $q$
            UPDATE archive_appearance AS shown SET told_on = NULL
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE shown.article_id = n.id AND n.online_date <> o.online_date
            AND greatest(n.online_date, shown.told_on) > (clock_timestamp() AT TIME ZONE 'UTC')::date
        $q$;
        PERFORM archive_appear(moved);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION archive_of_article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := array(SELECT article_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        changed := array(SELECT article_id FROM old_rows);
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY[n.article_id, o.article_id])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
            )
        $q$ INTO changed;
    END IF;
    PERFORM archive_changed(changed);
    RETURN NULL;
END $$;

CREATE FUNCTION archive_issue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT a.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id JOIN archive_article AS a ON a.issue_id = n.id
            WHERE (n.live, n.slug, n.title_id, extract(year FROM n.sort_date))
                IS DISTINCT FROM (o.live, o.slug, o.title_id, extract(year FROM o.sort_date))
        )
    $q$ INTO changed;
    PERFORM archive_changed(changed);
    PERFORM archive_appear(changed);
    RETURN NULL;
END $$;

CREATE FUNCTION archive_title_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT a.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            JOIN archive_issue AS i ON i.title_id = n.id JOIN archive_article AS a ON a.issue_id = i.id
            WHERE (n.name, n.slug) IS DISTINCT FROM (o.name, o.slug)
            OR (n.language <> o.language AND a.language = '')
        )
    $q$ INTO changed;
    PERFORM archive_changed(changed);
    RETURN NULL;
END $$;

CREATE FUNCTION archive_section_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT a.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id JOIN archive_article AS a ON a.section_id = n.id
            WHERE n.name <> o.name
        )
    $q$ INTO changed;
    PERFORM archive_changed(changed);
    RETURN NULL;
END $$;

CREATE FUNCTION archive_contributor_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    EXECUTE $q$
        SELECT array(
            SELECT w.article_id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            JOIN archive_authorship AS w ON w.contributor_id = n.id
            WHERE (n.name, n.slug) IS DISTINCT FROM (o.name, o.slug)
        )
    $q$ INTO changed;
    PERFORM archive_changed(changed);
    RETURN NULL;
END $$;
"""
NAMES = (
    "archive_article_came()",
    "archive_article_changed()",
    "archive_of_article_changed()",
    "archive_issue_changed()",
    "archive_title_changed()",
    "archive_section_changed()",
    "archive_contributor_changed()",
    "archive_appear(bigint[])",
    "archive_changed(bigint[])",
)
TRIGGERS = (
    ("article", ("INSERT",), "archive_article_came()"),
    ("article", ("UPDATE",), "archive_article_changed()"),
    ("correction", ("INSERT", "UPDATE", "DELETE"), "archive_of_article_changed()"),
    ("authorship", ("INSERT", "UPDATE", "DELETE"), "archive_of_article_changed()"),
    ("issue", ("UPDATE",), "archive_issue_changed()"),
    ("title", ("UPDATE",), "archive_title_changed()"),
    ("section", ("UPDATE",), "archive_section_changed()"),
    ("contributor", ("UPDATE",), "archive_contributor_changed()"),
)
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}

# What is there already came on its day online, and changed when it was last published.
THERE_ALREADY = """
INSERT INTO archive_appearance (article_id, told_on, changed_at)
    SELECT a.id, CASE WHEN a.live AND i.live THEN a.online_date END,
        coalesce(a.last_published_at, a.online_date::timestamp AT TIME ZONE 'UTC')
    FROM archive_article AS a JOIN archive_issue AS i ON i.id = a.issue_id;
"""

GOES_WITH_THE_ARTICLE = """
ALTER TABLE archive_appearance ADD CONSTRAINT appearance_of_article
    FOREIGN KEY (article_id) REFERENCES archive_article (id) ON DELETE CASCADE;
"""


def forwards() -> str:
    made = (
        f"CREATE TRIGGER appearance_{event.lower()} AFTER {event} ON archive_{thing}"
        f" REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function};"
        for thing, events, function in TRIGGERS
        for event in events
    )
    return "\n".join([GOES_WITH_THE_ARTICLE, FUNCTIONS, *made, THERE_ALREADY])


def backwards() -> str:
    return "\n".join(f"DROP FUNCTION {name} CASCADE;" for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("archive", "0006_plausible_dates")]

    operations = [
        migrations.CreateModel(
            name="Appearance",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="archive.article",
                    ),
                ),
                ("told_on", models.DateField(editable=False, null=True)),
                ("changed_at", models.DateTimeField(editable=False)),
            ],
            options={"indexes": [models.Index(fields=["-told_on"], name="archive_told_on")]},
        ),
        migrations.RunSQL(forwards(), backwards()),
    ]
