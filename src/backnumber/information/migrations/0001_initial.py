"""The database itself keeps the slugs under which a page was published, as the archive's does of its addresses: one is noted when
a published page leaves it, by another slug or by being withdrawn.
"""

import django.db.models.deletion
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

FORMER_SLUGS = """
CREATE FUNCTION information_keep_slug() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO information_formerslug (slug, page_id) VALUES (OLD.slug, OLD.id)
        ON CONFLICT (slug) DO UPDATE SET page_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_address AFTER UPDATE OF slug, live ON information_informationpage FOR EACH ROW
    WHEN (OLD.live AND (OLD.slug, OLD.live) IS DISTINCT FROM (NEW.slug, NEW.live))
    EXECUTE FUNCTION information_keep_slug();
"""
FORGET = """
DROP TRIGGER keep_address ON information_informationpage;
DROP FUNCTION information_keep_slug();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InformationPage',
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
                ('title', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('summary', models.CharField(blank=True, help_text='A sentence or two under the title, and what search engines show.', max_length=300)),
                ('body', wagtail.fields.StreamField([('paragraph', 0), ('heading', 3), ('listing', 4), ('table', 5)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript', 'subscript']}), 1: ('wagtail.blocks.CharBlock', (), {}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('2', 'Heading'), ('3', 'Sub-heading')]}), 3: ('wagtail.blocks.StructBlock', [[('text', 1), ('level', 2)]], {}), 4: ('wagtail.blocks.RichTextBlock', (), {'features': ['ul', 'ol', 'bold', 'italic', 'link', 'superscript', 'subscript'], 'icon': 'list-ul'}), 5: ('wagtail.contrib.table_block.blocks.TableBlock', (), {})})),
                ('purpose', models.CharField(choices=[('terms', 'Terms of sale and use'), ('privacy', 'Privacy'), ('refunds', 'Refunds and cancellation'), ('about', 'About the magazine'), ('contact', 'Contact'), ('accessibility', 'Accessibility'), ('masthead', 'Masthead: who makes the magazine'), ('other', 'Other')], default='other', help_text='Terms, privacy and refunds are linked where one pays, as soon as they are published.', max_length=16)),
                ('menu', models.CharField(choices=[('none', 'In no menu'), ('main', 'Main menu, after the ways into the archive'), ('footer', 'Footer of every page')], default='none', help_text='Menus stand on every page of the site: a change of theirs has all of them rendered anew.', max_length=8)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Place in its menu; the lowest first.')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'ordering': ('position', 'title'),
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='information.informationpage')),
            ],
        ),
        migrations.AddConstraint(
            model_name='informationpage',
            constraint=models.UniqueConstraint(condition=models.Q(('purpose', 'other'), _negated=True), fields=('purpose',), name='one_page_of_each_purpose', violation_error_message='There is a page of this purpose already, published or not. Edit that one, or choose the purpose “Other”.'),
        ),
        migrations.RunSQL(FORMER_SLUGS, FORGET),
    ]
