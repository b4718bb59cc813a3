"""The database itself keeps the addresses under which something was published: also of many rows changed at once, and of what
was withdrawn before its address changed.

A row is written when a published thing leaves its address, by a new slug or by being withdrawn. What stood below a title or
an issue that moves keeps its own old addresses under the new one as well, so that any mixture of old parts is found.
"""

import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION archive_keep_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive_oldaddress (path, article_id, issue_id)
        SELECT '/archive/' || NEW.slug || substr(path, length('/archive/' || OLD.slug) + 1), article_id, issue_id
        FROM archive_oldaddress WHERE starts_with(path, '/archive/' || OLD.slug || '/') AND title_id IS NULL
        ON CONFLICT (path) DO NOTHING;
    INSERT INTO archive_oldaddress (path, title_id) VALUES ('/archive/' || OLD.slug || '/', OLD.id)
        ON CONFLICT (path) DO UPDATE SET
            title_id = OLD.id, issue_id = NULL, article_id = NULL, section_id = NULL, contributor_id = NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION archive_issue_path(title bigint, day date, slug text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '/archive/' || t.slug || '/' || extract(year FROM day)::int || '/' || $3 || '/' FROM archive_title AS t WHERE t.id = $1
$$;

CREATE FUNCTION archive_keep_issue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := archive_issue_path(OLD.title_id, OLD.sort_date, OLD.slug);
    is_now text := archive_issue_path(NEW.title_id, NEW.sort_date, NEW.slug);
BEGIN
    IF was <> is_now THEN
        INSERT INTO archive_oldaddress (path, article_id)
            SELECT is_now || substr(path, length(was) + 1), article_id
            FROM archive_oldaddress WHERE starts_with(path, was) AND article_id IS NOT NULL
            ON CONFLICT (path) DO NOTHING;
    END IF;
    INSERT INTO archive_oldaddress (path, issue_id) VALUES (was, OLD.id)
        ON CONFLICT (path) DO UPDATE SET
            issue_id = OLD.id, title_id = NULL, article_id = NULL, section_id = NULL, contributor_id = NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION archive_keep_article() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive_oldaddress (path, article_id)
        SELECT archive_issue_path(i.title_id, i.sort_date, i.slug) || OLD.slug || '/', OLD.id
        FROM archive_issue AS i WHERE i.id = OLD.issue_id
        ON CONFLICT (path) DO UPDATE SET
            article_id = OLD.id, title_id = NULL, issue_id = NULL, section_id = NULL, contributor_id = NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION archive_keep_section() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive_oldaddress (path, section_id) VALUES ('/sections/' || OLD.slug || '/', OLD.id)
        ON CONFLICT (path) DO UPDATE SET
            section_id = OLD.id, title_id = NULL, issue_id = NULL, article_id = NULL, contributor_id = NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION archive_keep_contributor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive_oldaddress (path, contributor_id) VALUES ('/contributors/' || OLD.slug || '/', OLD.id)
        ON CONFLICT (path) DO UPDATE SET
            contributor_id = OLD.id, title_id = NULL, issue_id = NULL, article_id = NULL, section_id = NULL;
    RETURN NULL;
END $$;
"""

_PLAIN = "OLD.slug IS DISTINCT FROM NEW.slug"
TRIGGERS = (
    ("title", "slug", _PLAIN),
    ("section", "slug", _PLAIN),
    ("contributor", "slug", _PLAIN),
    (
        "issue",
        "slug, title_id, sort_date, live",
        "OLD.live AND (OLD.slug, OLD.title_id, extract(year FROM OLD.sort_date), OLD.live)"
        " IS DISTINCT FROM (NEW.slug, NEW.title_id, extract(year FROM NEW.sort_date), NEW.live)",
    ),
    (
        "article",
        "slug, issue_id, live",
        "OLD.live AND (OLD.slug, OLD.issue_id, OLD.live) IS DISTINCT FROM (NEW.slug, NEW.issue_id, NEW.live)",
    ),
)

WITHDRAWN_BEFORE = """
INSERT INTO archive_oldaddress (path, issue_id)
    SELECT archive_issue_path(title_id, sort_date, slug), id FROM archive_issue
    WHERE NOT live AND first_published_at IS NOT NULL ON CONFLICT (path) DO NOTHING;
INSERT INTO archive_oldaddress (path, article_id)
    SELECT archive_issue_path(i.title_id, i.sort_date, i.slug) || a.slug || '/', a.id
    FROM archive_article AS a JOIN archive_issue AS i ON i.id = a.issue_id
    WHERE NOT a.live AND a.first_published_at IS NOT NULL ON CONFLICT (path) DO NOTHING;
"""


def forwards() -> str:
    made = (
        f"CREATE TRIGGER keep_address AFTER UPDATE OF {columns} ON archive_{thing} FOR EACH ROW WHEN ({moves})"
        f" EXECUTE FUNCTION archive_keep_{thing}();"
        for thing, columns, moves in TRIGGERS
    )
    return "\n".join([FUNCTIONS, *made, WITHDRAWN_BEFORE])


def backwards() -> str:
    gone = "\n".join(f"DROP FUNCTION archive_keep_{thing}() CASCADE;" for thing, _, _ in TRIGGERS)
    return f"{gone}\nDROP FUNCTION archive_issue_path(bigint, date, text);"


class Migration(migrations.Migration):
    dependencies = [("archive", "0004_issues_by_date")]

    operations = [
        migrations.RemoveConstraint("oldaddress", "leads_to_one_thing"),
        migrations.AddField(
            "oldaddress",
            "title",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_addresses",
                to="archive.title",
            ),
        ),
        migrations.AddField(
            "oldaddress",
            "section",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_addresses",
                to="archive.section",
            ),
        ),
        migrations.AddField(
            "oldaddress",
            "contributor",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_addresses",
                to="archive.contributor",
            ),
        ),
        migrations.AddConstraint(
            "oldaddress",
            models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(
                        "article",
                        "issue",
                        "title",
                        "section",
                        "contributor",
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="leads_to_one_thing",
            ),
        ),
        migrations.RunSQL(forwards(), backwards()),
    ]
