"""What compares old rows with new ones is planned anew each time it runs (EXECUTE).

A plan that a connection keeps was made for the number of rows of its first run: for one row that is a nested loop, which made a later
statement on thousands of rows quadratic. Rows are told from published articles by a join, not by an array that is searched for each.
"""

from django.db import migrations

PLANNED_EACH_TIME = """
CREATE OR REPLACE FUNCTION press_note_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM new_rows WHERE live
        ));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM old_rows WHERE live
        ));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(
                    ARRAY['article:' || id]
                    || CASE WHEN press_on_card(now_is) <> press_on_card(was) THEN ARRAY['card:' || id, 'lists'] END
                    || CASE
                        WHEN (now_is -> 'live', now_is -> 'issue_id', now_is -> 'position')
                            IS DISTINCT FROM (was -> 'live', was -> 'issue_id', was -> 'position')
                        THEN ARRAY['order:' || (now_is ->> 'issue_id'), 'order:' || (was ->> 'issue_id')]
                    END
                )
                FROM (
                    SELECT n.id, press_shown(to_jsonb(n)) AS now_is, press_shown(to_jsonb(o)) AS was
                    FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
                    WHERE n.live OR o.live
                ) AS both_rows
                WHERE now_is <> was
            )
        $q$ INTO said;
        PERFORM press_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_of_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        articles := array(SELECT article_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        articles := array(SELECT article_id FROM old_rows);
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY[n.article_id, o.article_id])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
            )
        $q$ INTO articles;
    END IF;
    PERFORM press_tell(array(
        SELECT unnest(
            ARRAY['article:' || id] || CASE WHEN TG_ARGV[0] = 'windows' THEN ARRAY['card:' || id, 'windows'] END
        )
        FROM unnest(press_articles(articles)) AS id
    ));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_authorship() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY[
                    'article:' || n.article_id, 'article:' || o.article_id,
                    'contributor:' || n.contributor_id, 'contributor:' || o.contributor_id, 'lists'
                ])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
                LEFT JOIN archive_article AS a ON a.id = n.article_id
                LEFT JOIN archive_article AS b ON b.id = o.article_id
                WHERE to_jsonb(n) <> to_jsonb(o) AND (a.live OR b.live)
            )
        $q$ INTO said;
    ELSE
        EXECUTE format(
            $q$
                SELECT array(
                    SELECT unnest(ARRAY['article:' || w.article_id, 'contributor:' || w.contributor_id, 'lists'])
                    FROM %I AS w JOIN archive_article AS a ON a.id = w.article_id WHERE a.live
                )
            $q$,
            CASE TG_OP WHEN 'INSERT' THEN 'new_rows' ELSE 'old_rows' END
        ) INTO said;
    END IF;
    PERFORM press_tell(said);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY['issue:' || id, 'shelves', 'lists']) FROM new_rows WHERE live));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY['issue:' || id, 'shelves', 'lists']) FROM old_rows WHERE live));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY['issue:' || n.id, 'shelves', 'lists'])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
                WHERE (n.live OR o.live)
                AND press_shown(to_jsonb(n)) - 'last_published_at' <> press_shown(to_jsonb(o)) - 'last_published_at'
            )
        $q$ INTO said;
        PERFORM press_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_by_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM old_rows));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY[$1 || ':' || n.id, 'lists'])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
            )
        $q$ INTO said USING TG_ARGV[0];
        PERFORM press_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT TG_ARGV[0] FROM new_rows LIMIT 1));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT TG_ARGV[0] FROM old_rows LIMIT 1));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT $1 FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o) LIMIT 1
            )
        $q$ INTO said USING TG_ARGV[0];
        PERFORM press_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION press_note_picture() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pictures bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        pictures := array(SELECT id FROM old_rows);
    ELSE
        EXECUTE $q$
            SELECT array(SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o))
        $q$ INTO pictures;
    END IF;
    PERFORM press_tell(
        array(SELECT 'picture:' || one FROM unnest(pictures) AS one)
        || CASE WHEN EXISTS (SELECT FROM archive_issue WHERE cover_id = ANY (pictures)) THEN ARRAY['covers'] END
    );
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("press", "0003_what_a_card_shows")]

    operations = [migrations.RunSQL(PLANNED_EACH_TIME, migrations.RunSQL.noop)]
