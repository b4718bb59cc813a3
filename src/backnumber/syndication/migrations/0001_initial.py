"""The publisher's word to crawlers, and triggers by which every door hears of a change when it is committed."""

from django.db import migrations, models

TELL = """
CREATE FUNCTION syndication_tell_crawlers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('backnumber', 'crawlers');
    RETURN NULL;
END $$;
CREATE TRIGGER stances_told AFTER INSERT OR UPDATE OR DELETE ON syndication_crawlerstance
    FOR EACH STATEMENT EXECUTE FUNCTION syndication_tell_crawlers();
CREATE TRIGGER terms_told AFTER INSERT OR UPDATE OR DELETE ON syndication_crawlerterms
    FOR EACH STATEMENT EXECUTE FUNCTION syndication_tell_crawlers();
"""
TELL_NO_MORE = """
DROP TRIGGER stances_told ON syndication_crawlerstance;
DROP TRIGGER terms_told ON syndication_crawlerterms;
DROP FUNCTION syndication_tell_crawlers();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CrawlerStance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('stance', models.CharField(choices=[('welcome', 'welcome'), ('refused', 'refused'), ('paid', 'paid')], max_length=8)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stance__in', ['welcome', 'refused', 'paid'])), name='crawler_stance_is_known')],
            },
        ),
        migrations.CreateModel(
            name='CrawlerTerms',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(blank=True)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('licence_address', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'crawlers and their terms',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_crawler_terms')],
            },
        ),
        migrations.RunSQL(TELL, TELL_NO_MORE),
    ]
