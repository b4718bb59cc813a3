"""The database itself notes what makes a printed page void: no room can forget to, and a rolled-back change leaves no note.

One statement on many rows notes each key once, and tells every front door by NOTIFY; a transaction that changes more than
forty things says "everything" once. What never was published, and what only the editors see, is none of a page's.

Keys: `article:ID` anything of an article, `card:ID` what lists show of it, `order:ISSUE` which articles an issue has in
which order, `issue:ID`, `section:ID`, `contributor:ID`, `picture:ID`, `covers` a picture that is a cover, `shelves` any
issue, `lists` any card, issue, section or contributor, `windows` any free window, `shop` what is for sale, `*` everything.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION press_tell(said text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed text[];
    told integer;
BEGIN
    SELECT array_agg(DISTINCT one) INTO changed FROM unnest(said) AS one WHERE one IS NOT NULL;
    IF changed IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO press_change (key, xid, at)
    SELECT one, pg_current_xact_id()::text::bigint, now() FROM unnest(changed) AS one;
    told := coalesce(nullif(current_setting('backnumber.told', true), ''), '0')::integer + cardinality(changed);
    PERFORM set_config('backnumber.told', least(told, 1000)::text, true);
    IF told > 40 OR '*' = ANY (changed) THEN
        PERFORM pg_notify('backnumber', 'pages *');
    ELSE
        PERFORM pg_notify('backnumber', 'pages ' || array_to_string(changed, ' '));
    END IF;
END $$;

CREATE FUNCTION press_shown(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY[
        'latest_revision_id', 'live_revision_id', 'has_unpublished_changes', 'first_published_at',
        'go_live_at', 'expire_at', 'expired', 'locked', 'locked_at', 'locked_by_id'
    ]
$$;

CREATE FUNCTION press_on_card(of_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT of_row - ARRAY['body', 'lead_in_ends_after', 'last_published_at']
$$;

CREATE FUNCTION press_articles(articles bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array(SELECT id FROM archive_article WHERE id = ANY (articles) AND live)
$$;

CREATE FUNCTION press_note_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM new_rows WHERE live
        ));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || id, 'card:' || id, 'order:' || issue_id, 'lists']) FROM old_rows WHERE live
        ));
    ELSE
        PERFORM press_tell(array(
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
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_of_article() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    articles bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        articles := array(SELECT article_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        articles := array(SELECT article_id FROM old_rows);
    ELSE
        articles := array(
            SELECT unnest(ARRAY[n.article_id, o.article_id])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
        );
    END IF;
    PERFORM press_tell(array(
        SELECT unnest(
            ARRAY['article:' || id] || CASE WHEN TG_ARGV[0] = 'windows' THEN ARRAY['card:' || id, 'windows'] END
        )
        FROM unnest(press_articles(articles)) AS id
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_authorship() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || article_id, 'contributor:' || contributor_id, 'lists']) FROM new_rows
            WHERE article_id = ANY (press_articles(array(SELECT article_id FROM new_rows)))
        ));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['article:' || article_id, 'contributor:' || contributor_id, 'lists']) FROM old_rows
            WHERE article_id = ANY (press_articles(array(SELECT article_id FROM old_rows)))
        ));
    ELSE
        PERFORM press_tell(array(
            SELECT unnest(ARRAY[
                'article:' || n.article_id, 'article:' || o.article_id,
                'contributor:' || n.contributor_id, 'contributor:' || o.contributor_id, 'lists'
            ])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE to_jsonb(n) <> to_jsonb(o) AND press_articles(ARRAY[n.article_id, o.article_id]) <> '{}'
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_issue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY['issue:' || id, 'shelves', 'lists']) FROM new_rows WHERE live));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY['issue:' || id, 'shelves', 'lists']) FROM old_rows WHERE live));
    ELSE
        PERFORM press_tell(array(
            SELECT unnest(ARRAY['issue:' || n.id, 'shelves', 'lists'])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE (n.live OR o.live)
            AND press_shown(to_jsonb(n)) - 'last_published_at' <> press_shown(to_jsonb(o)) - 'last_published_at'
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_by_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT unnest(ARRAY[TG_ARGV[0] || ':' || id, 'lists']) FROM old_rows));
    ELSE
        PERFORM press_tell(array(
            SELECT unnest(ARRAY[TG_ARGV[0] || ':' || n.id, 'lists'])
            FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o)
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM press_tell(array(SELECT TG_ARGV[0] FROM new_rows LIMIT 1));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM press_tell(array(SELECT TG_ARGV[0] FROM old_rows LIMIT 1));
    ELSE
        PERFORM press_tell(array(
            SELECT TG_ARGV[0] FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o) LIMIT 1
        ));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION press_note_picture() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pictures bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        pictures := array(SELECT id FROM old_rows);
    ELSE
        pictures := array(SELECT n.id FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE to_jsonb(n) <> to_jsonb(o));
    END IF;
    PERFORM press_tell(
        array(SELECT 'picture:' || one FROM unnest(pictures) AS one)
        || CASE WHEN EXISTS (SELECT FROM archive_issue WHERE cover_id = ANY (pictures)) THEN ARRAY['covers'] END
    );
    RETURN NULL;
END $$;
"""

NAMES = (
    "press_note_article()",
    "press_note_of_article()",
    "press_note_authorship()",
    "press_note_issue()",
    "press_note_by_name()",
    "press_note_all()",
    "press_note_picture()",
    "press_articles(bigint[])",
    "press_on_card(jsonb)",
    "press_shown(jsonb)",
    "press_tell(text[])",
)
ANY = ("INSERT", "UPDATE", "DELETE")
# A volume is shown by its issues alone, and a picture by what refers to it: a new one is on no page yet.
TRIGGERS = (
    ("archive_article", ANY, "press_note_article()"),
    ("archive_correction", ANY, "press_note_of_article()"),
    ("archive_freewindow", ANY, "press_note_of_article('windows')"),
    ("archive_anniversary", ANY, "press_note_of_article('windows')"),
    ("archive_authorship", ANY, "press_note_authorship()"),
    ("archive_issue", ANY, "press_note_issue()"),
    ("archive_section", ANY, "press_note_by_name('section')"),
    ("archive_contributor", ANY, "press_note_by_name('contributor')"),
    ("archive_title", ANY, "press_note_all('*')"),
    ("archive_volume", ("UPDATE",), "press_note_all('*')"),
    ("archive_picture", ("UPDATE", "DELETE"), "press_note_picture()"),
    ("newsstand_product", ANY, "press_note_all('shop')"),
    ("newsstand_price", ANY, "press_note_all('shop')"),
)
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0001_initial"),
        ("archive", "0003_walls_embargo_anniversaries"),
        ("newsstand", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, "; ".join(f"DROP FUNCTION {name}" for name in NAMES)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER press_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
                f"DROP TRIGGER press_{event.lower()} ON {table}",
            )
            for table, events, function in TRIGGERS
            for event in events
        ),
    ]
