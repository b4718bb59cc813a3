"""The tables of the past. The database itself counts down when a reading or a mention goes, with its article or before it is read again: nothing
can forget to. Whoever counts waits for the lock that `service.record` holds: 0x70617374.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FUNCTIONS = """
CREATE FUNCTION past_fewer_spans() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(1885434740);
    UPDATE past_tally AS tally SET articles = tally.articles - gone.many
    FROM (
        SELECT (ARRAY[1000, 100, 10, 1])[(number % 4 + 4) % 4 + 1] AS unit, floor(number / 4.0)::integer AS start, count(*) AS many
        FROM old_rows, unnest(spans) AS number GROUP BY 1, 2
    ) AS gone
    WHERE tally.unit = gone.unit AND tally.start = gone.start;
    RETURN NULL;
END $$;

CREATE FUNCTION past_fewer_mentions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_xact_lock(1885434740);
    UPDATE past_entry AS entry SET articles = entry.articles - gone.many, open_articles = entry.open_articles - gone.opened
    FROM (
        SELECT entry_id, count(*) AS many, count(*) FILTER (WHERE is_open) AS opened FROM old_rows GROUP BY entry_id
    ) AS gone
    WHERE entry.id = gone.entry_id;
    RETURN NULL;
END $$;
"""
TRIGGERS = (("past_reading", "past_fewer_spans"), ("past_mention", "past_fewer_mentions"))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Standpoint',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standpoint', serialize=False, to='archive.article')),
                ('side', models.CharField(blank=True, choices=[('', 'Takes no side'), ('for', 'Argues for'), ('against', 'Argues against')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('time', 'Time'), ('person', 'Person'), ('place', 'Place'), ('organisation', 'Organisation'), ('event', 'Event')], max_length=12)),
                ('slug', models.CharField(max_length=190)),
                ('label', models.CharField(max_length=200)),
                ('is_known', models.BooleanField(default=False)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('articles', models.IntegerField(default=0)),
                ('open_articles', models.IntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', '-articles', 'label'], name='past_entry_kind_aaeba9_idx'), models.Index(fields=['kind', 'label'], name='past_entry_kind_274511_idx')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.PositiveSmallIntegerField()),
                ('start', models.IntegerField()),
                ('articles', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'start'), name='one_tally_of_a_span')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('kind', models.CharField(choices=[('time', 'Time'), ('person', 'Person'), ('place', 'Place'), ('organisation', 'Organisation'), ('event', 'Event')], max_length=12)),
                ('key', models.CharField(max_length=200)),
                ('label', models.CharField(max_length=200)),
                ('edtf', models.CharField(blank=True, max_length=80)),
                ('years', django.contrib.postgres.fields.ranges.IntegerRangeField(null=True)),
                ('day', models.CharField(blank=True, max_length=5)),
                ('calendar', models.CharField(blank=True, max_length=40)),
                ('rule', models.CharField(max_length=80)),
                ('confidence', models.FloatField()),
                ('narrative', models.BooleanField()),
                ('is_open', models.BooleanField()),
                ('sentence', models.TextField(blank=True)),
                ('status', models.CharField(blank=True, choices=[('', 'As read'), ('unverified', 'Unverified'), ('accepted', 'Accepted'), ('mended', 'Mended'), ('dismissed', 'Dismissed')], max_length=12)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
            ],
            options={
                'indexes': [models.Index(fields=['article', 'position', 'start'], name='past_findin_article_5fc2d6_idx'), models.Index(condition=models.Q(models.Q(('day', ''), _negated=True), ('narrative', True), models.Q(('status', 'dismissed'), _negated=True)), fields=['day', 'article'], name='past_finding_day'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('kind', 'time'), ('narrative', True), models.Q(('status', 'dismissed'), _negated=True)), fields=['years'], name='past_finding_years')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_open', models.BooleanField()),
                ('sentence', models.TextField(blank=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='past.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'article'), name='one_mention_of_an_entry_in_an_article')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='past_reading', serialize=False, to='archive.article')),
                ('read_of', models.DateTimeField()),
                ('rules', models.CharField(max_length=64)),
                ('focus', django.contrib.postgres.fields.ranges.IntegerRangeField(null=True)),
                ('spans', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('question', models.CharField(blank=True, max_length=600)),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='past.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['rules'], name='past_readin_rules_2218a0_idx'), django.contrib.postgres.indexes.GistIndex(fields=['focus'], name='past_reading_focus'), models.Index(condition=models.Q(('question', ''), _negated=True), fields=['subject'], name='past_questions')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('time', 'Time'), ('person', 'Person'), ('place', 'Place'), ('organisation', 'Organisation'), ('event', 'Event')], max_length=12)),
                ('text', models.TextField()),
                ('before', models.TextField(blank=True)),
                ('after', models.TextField(blank=True)),
                ('verdict', models.CharField(choices=[('', 'As read'), ('unverified', 'Unverified'), ('accepted', 'Accepted'), ('mended', 'Mended'), ('dismissed', 'Dismissed')], max_length=12)),
                ('key', models.CharField(max_length=200)),
                ('label', models.CharField(max_length=200)),
                ('edtf', models.CharField(blank=True, max_length=80)),
                ('years', django.contrib.postgres.fields.ranges.IntegerRangeField(null=True)),
                ('said_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
                ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['text', 'kind'], name='past_word_text_1a772a_idx'), models.Index(fields=['article'], name='past_word_article_16a303_idx')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION past_fewer_spans(); DROP FUNCTION past_fewer_mentions()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER past_delete AFTER DELETE ON {table} "
                f"REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
                f"DROP TRIGGER past_delete ON {table}",
            )
            for table, function in TRIGGERS
        ),
    ]
