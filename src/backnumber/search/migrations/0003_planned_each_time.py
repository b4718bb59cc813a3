"""What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the
number of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

from django.db import migrations

PLANNED_EACH_TIME = """
CREATE OR REPLACE FUNCTION search_note_article() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION search_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION search_note_contributor() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_triggers")]

    operations = [migrations.RunSQL(PLANNED_EACH_TIME, migrations.RunSQL.noop)]
