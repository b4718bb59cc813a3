"""The database itself notes what makes a stored page void: no room can forget to, and a rolled-back change leaves no note.

One statement on many rows notes each key once, and tells every door by NOTIFY; a transaction that changes more than
forty things says "everything" once. What never was published, and what only the editors see, is none of a page's.

Keys: `article:ID` anything of an article, `card:ID` what lists show of it, `order:ISSUE` which articles an issue has in
which order, `issue:ID`, `section:ID`, `contributor:ID`, `picture:ID`, `covers` a picture that is a cover, `issue-lists` any
issue, `lists` any card, issue, section or contributor, `windows` any free window, `shop` what is for sale, `*` everything.

What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the number
of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION edge_tell(said text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed text[];
    told integer;
BEGIN
    SELECT array_agg(DISTINCT one) INTO changed FROM unnest(said) AS one WHERE one IS NOT NULL;
    IF changed IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO edge_change (key, xid, at)
    SELECT one, pg_current_xact_id()::text::bigint, now() FROM unnest(changed) AS one;
    told := coalesce(nullif(current_setting('backnumber.told', true), ''), '0')::integer + cardinality(changed);
    PERFORM set_config('backnumber.told', least(told, 1000)::text, true);
    IF told > 40 OR '*' = ANY (changed) THEN
        PERFORM pg_notify('backnumber', 'pages *');
    ELSE
        PERFORM pg_notify('backnumber', 'pages ' || array_to_string(changed, ' '));
    END IF;
END $$;

CREATE FUNCTION edge_shown(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY[
        'latest_revision_id', 'live_revision_id', 'has_unpublished_changes', 'first_published_at',
        'go_live_at', 'expire_at', 'expired', 'locked', 'locked_at', 'locked_by_id'
    ]
$$;

CREATE FUNCTION edge_on_card(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY['body', 'words', 'lead_in_ends_after', 'language', 'online_date', 'last_published_at']
$$;

CREATE FUNCTION edge_articles(articles bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array(SELECT id FROM archive_article WHERE id = ANY (articles) AND live)
$$;

CREATE FUNCTION edge_note_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM edge_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM new_rows WHERE live
        ));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM edge_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM old_rows WHERE live
        ));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(
                    ARRAY['article:' || id]
                    || CASE WHEN edge_on_card(now_is) <> edge_on_card(was) THEN ARRAY['card:' || id, 'lists'] END
                    || CASE
                        WHEN (now_is -> 'live', now_is -> 'issue_id', now_is -> 'position')
                            IS DISTINCT FROM (was -> 'live', was -> 'issue_id', was -> 'position')
                        THEN ARRAY['order:' || (now_is ->> 'issue_id'), 'order:' || (was ->> 'issue_id')]
                    END
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

CREATE FUNCTION edge_note_of_article() RETURNS trigger LANGUAGE plpgsql AS $$
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
    PERFORM edge_tell(array(
        SELECT unnest(
            ARRAY['article:' || id] || CASE WHEN TG_ARGV[0] = 'windows' THEN ARRAY['card:' || id, 'windows'] END
        )
        FROM unnest(edge_articles(articles)) AS id
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION edge_note_authorship() RETURNS trigger LANGUAGE plpgsql AS $$
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
    PERFORM edge_tell(said);
    RETURN NULL;
END $$;

CREATE FUNCTION edge_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM edge_tell(array(SELECT unnest(ARRAY['issue:' || id, 'issue-lists', 'lists']) FROM new_rows WHERE live));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM edge_tell(array(SELECT unnest(ARRAY['issue:' || id, 'issue-lists', 'lists']) FROM old_rows WHERE live));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY['issue:' || n.id, 'issue-lists', 'lists'])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
                WHERE (n.live OR o.live)
                AND edge_shown(to_jsonb(n)) - 'last_published_at' <> edge_shown(to_jsonb(o)) - 'last_published_at'
            )
        $q$ INTO said;
        PERFORM edge_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edge_note_by_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM edge_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM edge_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM old_rows));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT unnest(ARRAY[$1 || ':' || n.id, 'lists'])
                FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
            )
        $q$ INTO said USING TG_ARGV[0];
        PERFORM edge_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edge_note_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM edge_tell(array(SELECT TG_ARGV[0] FROM new_rows LIMIT 1));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM edge_tell(array(SELECT TG_ARGV[0] FROM old_rows LIMIT 1));
    ELSE
        EXECUTE $q$
            SELECT array(
                SELECT $1 FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o) LIMIT 1
            )
        $q$ INTO said USING TG_ARGV[0];
        PERFORM edge_tell(said);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edge_note_picture() RETURNS trigger LANGUAGE plpgsql AS $$
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
    PERFORM edge_tell(
        array(SELECT 'picture:' || one FROM unnest(pictures) AS one)
        || CASE WHEN EXISTS (SELECT FROM archive_issue WHERE cover_id = ANY (pictures)) THEN ARRAY['covers'] END
    );
    RETURN NULL;
END $$;
"""
NAMES = ('edge_note_picture()', 'edge_note_all()', 'edge_note_by_name()', 'edge_note_issue()', 'edge_note_authorship()', 'edge_note_of_article()', 'edge_note_article()', 'edge_articles(bigint[])', 'edge_on_card(jsonb)', 'edge_shown(jsonb)', 'edge_tell(text[])')
ANY = ("INSERT", "UPDATE", "DELETE")
# A volume is shown by its issues alone, and a picture by what refers to it: a new one is on no page yet.
TRIGGERS = (
    ("archive_article", ANY, "edge_note_article()"),
    ("archive_correction", ANY, "edge_note_of_article()"),
    ("archive_freewindow", ANY, "edge_note_of_article('windows')"),
    ("archive_anniversary", ANY, "edge_note_of_article('windows')"),
    ("archive_authorship", ANY, "edge_note_authorship()"),
    ("archive_issue", ANY, "edge_note_issue()"),
    ("archive_section", ANY, "edge_note_by_name('section')"),
    ("archive_contributor", ANY, "edge_note_by_name('contributor')"),
    ("archive_title", ANY, "edge_note_all('*')"),
    ("archive_volume", ("UPDATE",), "edge_note_all('*')"),
    ("archive_picture", ("UPDATE", "DELETE"), "edge_note_picture()"),
    ("products_product", ANY, "edge_note_all('shop')"),
    ("products_price", ANY, "edge_note_all('shop')"),
)
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('products', '0001_initial'),
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('xid', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'xid'], name='edge_change_of'), models.Index(fields=['at'], name='edge_change_at')],
            },
        ),
        migrations.CreateModel(
            name='PageRow',
            fields=[
                ('address', models.TextField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('content', models.BinaryField()),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('build', models.CharField(max_length=64)),
                ('content_hash', models.CharField(max_length=32)),
                ('good_until', models.DateTimeField(null=True)),
                ('rendered_at', models.DateTimeField()),
                ('xid', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
                ('snapshot', models.TextField()),
                ('cluster', models.BigIntegerField()),
            ],
            options={
                'db_table': 'edge_page',
                'indexes': [models.Index(fields=['kind'], name='edge_page_kind')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "; ".join(f"DROP FUNCTION {name}" for name in NAMES)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER edge_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
                f"DROP TRIGGER edge_{event.lower()} ON {table}",
            )
            for table, events, function in TRIGGERS
            for event in events
        ),
    ]
