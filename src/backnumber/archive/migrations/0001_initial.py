"""The database itself keeps the addresses under which something was published: also of many rows changed at once, and of what
was withdrawn before its address changed.

A row is written when a published thing leaves its address, by a new slug or by being withdrawn. What stood below a title or
an issue that moves keeps its own old addresses under the new one as well, so that any mixture of old parts is found.

It keeps, too, when an article came to readers and when it last changed for them: what is published again as it was has not changed.

What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the number
of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

import re

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
import modelcluster.fields
import modelsearch.index
import taggit.managers
import wagtail.fields
import wagtail.images.models
import wagtail.models.media
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

ADDRESSES = """
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

APPEARANCES = """
ALTER TABLE archive_appearance ADD CONSTRAINT appearance_of_article
    FOREIGN KEY (article_id) REFERENCES archive_article (id) ON DELETE CASCADE;

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
CHANGED = (
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


def addresses() -> str:
    made = (
        f"CREATE TRIGGER keep_address AFTER UPDATE OF {columns} ON archive_{thing} FOR EACH ROW WHEN ({moves})"
        f" EXECUTE FUNCTION archive_keep_{thing}();"
        for thing, columns, moves in TRIGGERS
    )
    return "\n".join([ADDRESSES, *made])


def appearances() -> str:
    made = (
        f"CREATE TRIGGER appearance_{event.lower()} AFTER {event} ON archive_{thing}"
        f" REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function};"
        for thing, events, function in CHANGED
        for event in events
    )
    return "\n".join([APPEARANCES, *made])


def gone(functions: str) -> str:
    names = re.findall(r"CREATE FUNCTION (\w+)", functions)
    return "\n".join(f"DROP FUNCTION {name} CASCADE;" for name in reversed(names))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Anniversary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveSmallIntegerField(choices=[(1, 'January'), (2, 'February'), (3, 'March'), (4, 'April'), (5, 'May'), (6, 'June'), (7, 'July'), (8, 'August'), (9, 'September'), (10, 'October'), (11, 'November'), (12, 'December')])),
                ('day', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)])),
                ('why', models.CharField(help_text='Shown to readers, after “it is”: the anniversary of the battle.', max_length=60)),
            ],
            options={
                'verbose_name_plural': 'anniversaries',
                'ordering': ('month', 'day', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('position', models.PositiveIntegerField(default=0, help_text='Place in the running order.')),
                ('headline', models.CharField(max_length=500)),
                ('slug', models.SlugField(max_length=120)),
                ('standfirst', models.TextField(blank=True)),
                ('byline', models.CharField(blank=True, help_text='The names as printed.', max_length=500)),
                ('body', wagtail.fields.StreamField([('paragraph', 0), ('heading', 3), ('pull_quote', 4), ('quotation', 6), ('picture', 10), ('note', 12), ('table', 13), ('verse', 14), ('timeline', 17), ('further_reading', 20), ('listing', 21), ('preformatted', 22)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript', 'subscript']}), 1: ('wagtail.blocks.CharBlock', (), {}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('2', 'Heading'), ('3', 'Sub-heading')]}), 3: ('wagtail.blocks.StructBlock', [[('text', 1), ('level', 2)]], {}), 4: ('wagtail.blocks.TextBlock', (), {'icon': 'openquote'}), 5: ('wagtail.blocks.CharBlock', (), {'required': False}), 6: ('wagtail.blocks.StructBlock', [[('text', 0), ('source', 5)]], {}), 7: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 8: ('wagtail.blocks.CharBlock', (), {'help_text': "What a person who cannot see it needs to know. Empty: the picture's own.", 'required': False}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': "Empty: the picture's own.", 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('picture', 7), ('alt', 8), ('caption', 9)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'help_text': 'Link the mark in the text to "#note-" and this mark, in superscript.', 'max_length': 8}), 12: ('wagtail.blocks.StructBlock', [[('mark', 11), ('text', 0)]], {}), 13: ('wagtail.contrib.table_block.blocks.TableBlock', (), {}), 14: ('wagtail.blocks.TextBlock', (), {'help_text': 'Line by line; indent with spaces; an empty line between stanzas.', 'icon': 'pilcrow'}), 15: ('wagtail.blocks.StructBlock', [[('when', 1), ('what', 1)]], {}), 16: ('wagtail.blocks.ListBlock', (15,), {}), 17: ('wagtail.blocks.StructBlock', [[('heading', 1), ('entries', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'default': 'Further reading'}), 19: ('wagtail.blocks.ListBlock', (0,), {}), 20: ('wagtail.blocks.StructBlock', [[('heading', 18), ('items', 19)]], {}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['ul', 'ol', 'bold', 'italic', 'link', 'superscript', 'subscript'], 'icon': 'list-ul'}), 22: ('wagtail.blocks.TextBlock', (), {'icon': 'code'})})),
                ('lead_in_ends_after', models.PositiveIntegerField(blank=True, help_text='How many blocks anyone may read. Empty: whole paragraphs up to about 150 words.', null=True, verbose_name='lead-in ends after block')),
                ('words', models.PositiveIntegerField(default=0, editable=False)),
                ('first_page', models.CharField(blank=True, max_length=10)),
                ('last_page', models.CharField(blank=True, max_length=10)),
                ('language', models.CharField(blank=True, help_text="Empty: the title's.", max_length=16)),
                ('policy', models.CharField(blank=True, choices=[('open', 'Open: anyone may read'), ('sign-in', 'Sign-in: anyone with an account may read'), ('metered', 'Metered: subscribers, and anyone else while the meter has reads left'), ('subscribers', 'Subscribers: a right to the archive is needed')], default='', max_length=16)),
                ('paid_after_weeks', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read for this many weeks from the cover date; then the policy holds. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='paid after weeks')),
                ('free_after_years', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read from this many years after the cover date on. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='free after years')),
                ('online_date', models.DateField(default=django.utils.timezone.localdate)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
            ],
            options={
                'ordering': ('issue', 'position', 'id'),
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('position', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sort_name', models.CharField(blank=True, help_text='As in an index: surname, forename. Empty: filed by its surname.', max_length=200)),
                ('filed_by_hand', models.BooleanField(default=False, editable=False)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('note', models.TextField(blank=True, verbose_name='note on the author')),
                ('variants', models.TextField(blank=True, help_text='Other forms of the name, one a line.', verbose_name='name variants')),
            ],
            options={
                'ordering': ('sort_name',),
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_on', models.DateField(default=django.utils.timezone.localdate)),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ('made_on', 'id'),
            },
        ),
        migrations.CreateModel(
            name='FreeWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('why', models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('number', models.CharField(blank=True, max_length=20)),
                ('cover_date', models.CharField(help_text='As printed: "Christmas 1951", "May/June 1999".', max_length=60)),
                ('sort_date', models.DateField(help_text='The first day the cover date stands for.')),
                ('slug', models.SlugField(help_text='Unique within the title and the year.', max_length=60)),
                ('online_date', models.DateField(blank=True, null=True)),
                ('on_sale', models.DateTimeField(blank=True, help_text='Until this moment nobody reads beyond the openings, subscribers neither; only a right given by staff opens more. Empty: no embargo.', null=True, verbose_name='on sale from')),
                ('cover_lines', models.TextField(blank=True, help_text='Up to three, one a line; for the drawn cover.')),
                ('first_page', models.CharField(blank=True, max_length=10)),
                ('last_page', models.CharField(blank=True, max_length=10)),
                ('policy', models.CharField(blank=True, choices=[('open', 'Open: anyone may read'), ('sign-in', 'Sign-in: anyone with an account may read'), ('metered', 'Metered: subscribers, and anyone else while the meter has reads left'), ('subscribers', 'Subscribers: a right to the archive is needed')], default='', max_length=16)),
                ('paid_after_weeks', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read for this many weeks from the cover date; then the policy holds. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='paid after weeks')),
                ('free_after_years', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read from this many years after the cover date on. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='free after years')),
            ],
            options={
                'ordering': ('-sort_date', '-id'),
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=400, unique=True)),
            ],
            options={
                'verbose_name_plural': 'old addresses',
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('alt', models.CharField(blank=True, help_text='What a person who cannot see it needs to know.', max_length=500, verbose_name='alternative text')),
                ('caption', models.CharField(blank=True, max_length=500)),
                ('credit', models.CharField(blank=True, max_length=255)),
                ('rights', models.CharField(choices=[('cleared', 'May be shown online'), ('until', 'May be shown online until the day below'), ('print-only', 'Cleared for print only: withheld online')], default='cleared', max_length=16)),
                ('rights_until', models.DateField(blank=True, help_text='The last day, inclusive; only with the choice above.', null=True, verbose_name='shown online until')),
            ],
            options={
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('description', models.TextField(blank=True)),
                ('policy', models.CharField(blank=True, choices=[('open', 'Open: anyone may read'), ('sign-in', 'Sign-in: anyone with an account may read'), ('metered', 'Metered: subscribers, and anyone else while the meter has reads left'), ('subscribers', 'Subscribers: a right to the archive is needed')], default='', max_length=16)),
                ('paid_after_weeks', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read for this many weeks from the cover date; then the policy holds. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='paid after weeks')),
                ('free_after_years', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read from this many years after the cover date on. 0: no such wall here. Empty: as the next more general thing says (issue, section, title).', null=True, verbose_name='free after years')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Title',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('strapline', models.CharField(blank=True, max_length=200)),
                ('description', models.TextField(blank=True)),
                ('issn', models.CharField(blank=True, max_length=9, verbose_name='ISSN')),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='founded in')),
                ('language', models.CharField(default='en-GB', max_length=16)),
                ('policy', models.CharField(choices=[('open', 'Open: anyone may read'), ('sign-in', 'Sign-in: anyone with an account may read'), ('metered', 'Metered: subscribers, and anyone else while the meter has reads left'), ('subscribers', 'Subscribers: a right to the archive is needed')], default='subscribers', max_length=16)),
                ('paid_after_weeks', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read for this many weeks from the cover date; then the policy holds. 0: no such wall here. Empty: none.', null=True, verbose_name='paid after weeks')),
                ('free_after_years', models.PositiveSmallIntegerField(blank=True, help_text='Anyone may read from this many years after the cover date on. 0: no such wall here. Empty: none.', null=True, verbose_name='free after years')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('position', 'name'),
            },
        ),
        migrations.CreateModel(
            name='Volume',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20)),
                ('years', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'ordering': ('title', 'number'),
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('article', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, serialize=False, to='archive.article')),
                ('told_on', models.DateField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False)),
            ],
        ),
        migrations.AddField(
            model_name='article',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.AddField(
            model_name='anniversary',
            name='article',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='anniversaries', to='archive.article'),
        ),
        migrations.AddField(
            model_name='authorship',
            name='article',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='archive.article'),
        ),
        migrations.AddField(
            model_name='authorship',
            name='contributor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='archive.contributor'),
        ),
        migrations.AddField(
            model_name='correction',
            name='article',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='archive.article'),
        ),
        migrations.AddField(
            model_name='freewindow',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='free_windows', to='archive.article'),
        ),
        migrations.AddField(
            model_name='issue',
            name='latest_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision'),
        ),
        migrations.AddField(
            model_name='issue',
            name='live_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision'),
        ),
        migrations.AddField(
            model_name='issue',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.AddField(
            model_name='article',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='archive.issue'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='archive.article'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='contributor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='archive.contributor'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='issue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='archive.issue'),
        ),
        migrations.AddField(
            model_name='picture',
            name='collection',
            field=models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection'),
        ),
        migrations.AddField(
            model_name='picture',
            name='tags',
            field=taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags'),
        ),
        migrations.AddField(
            model_name='picture',
            name='uploaded_by_user',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user'),
        ),
        migrations.AddField(
            model_name='issue',
            name='cover',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='archive.picture'),
        ),
        migrations.AddField(
            model_name='rendition',
            name='image',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='archive.picture'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='archive.section'),
        ),
        migrations.AddField(
            model_name='article',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='archive.section'),
        ),
        migrations.AddField(
            model_name='oldaddress',
            name='title',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='archive.title'),
        ),
        migrations.AddField(
            model_name='issue',
            name='title',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='archive.title'),
        ),
        migrations.AddField(
            model_name='volume',
            name='title',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='volumes', to='archive.title'),
        ),
        migrations.AddField(
            model_name='issue',
            name='volume',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='archive.volume'),
        ),
        migrations.AddIndex(
            model_name='appearance',
            index=models.Index(fields=['-told_on'], name='archive_told_on'),
        ),
        migrations.AddConstraint(
            model_name='anniversary',
            constraint=models.UniqueConstraint(fields=('article', 'month', 'day'), name='one_anniversary_a_day'),
        ),
        migrations.AddConstraint(
            model_name='anniversary',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day__range', (1, 29)), ('month__range', (1, 12))), models.Q(('day', 30), ('month__in', (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))), models.Q(('day', 31), ('month__in', (1, 3, 5, 7, 8, 10, 12))), _connector='OR'), name='anniversary_is_a_day'),
        ),
        migrations.AddConstraint(
            model_name='authorship',
            constraint=models.UniqueConstraint(fields=('article', 'contributor'), name='one_authorship_each'),
        ),
        migrations.AddIndex(
            model_name='freewindow',
            index=models.Index(fields=['article', 'until'], name='archive_fre_article_75fc3e_idx'),
        ),
        migrations.AddConstraint(
            model_name='freewindow',
            constraint=models.CheckConstraint(condition=models.Q(('starts__lt', models.F('until'))), name='window_has_length'),
        ),
        migrations.AlterUniqueTogether(
            name='rendition',
            unique_together={('image', 'filter_spec', 'focal_point_key')},
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['issue', 'position'], name='archive_art_issue_i_6083e3_idx'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['section', 'live'], name='archive_art_section_972b05_idx'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['live', '-online_date'], name='archive_art_live_381b26_idx'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(fields=('issue', 'slug'), name='one_article_per_address'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('online_date__range', (datetime.date(1400, 1, 1), datetime.date(2199, 12, 31))), ('online_date__isnull', True), _connector='OR'), name='article_online_on_a_plausible_date', violation_error_message='Choose a day from 1400 to 2199.'),
        ),
        migrations.AddConstraint(
            model_name='oldaddress',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('article', 'issue', 'title', 'section', 'contributor', function='num_nonnulls', output_field=models.IntegerField()), 1), name='leads_to_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='volume',
            constraint=models.UniqueConstraint(fields=('title', 'number'), name='one_volume_per_number'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['title', 'sort_date'], name='archive_iss_title_i_875e31_idx'),
        ),
        migrations.AddIndex(
            model_name='issue',
            index=models.Index(fields=['sort_date'], name='archive_iss_sort_da_017ed5_idx'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(models.F('title'), django.db.models.functions.datetime.ExtractYear('sort_date'), models.F('slug'), name='one_issue_per_address'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(('sort_date__range', (datetime.date(1400, 1, 1), datetime.date(2199, 12, 31))), ('sort_date__isnull', True), _connector='OR'), name='issue_of_a_plausible_date', violation_error_message='Choose a day from 1400 to 2199.'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(('online_date__range', (datetime.date(1400, 1, 1), datetime.date(2199, 12, 31))), ('online_date__isnull', True), _connector='OR'), name='issue_online_on_a_plausible_date', violation_error_message='Choose a day from 1400 to 2199.'),
        ),
        migrations.RunSQL(addresses(), gone(ADDRESSES)),
        migrations.RunSQL(appearances(), gone(APPEARANCES)),
    ]
