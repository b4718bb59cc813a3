"""A week that is deleted, however it is deleted, closes its window; a recipient who is removed leaves the token by which an old mail
is left.
"""

import backnumber.longread.models
import backnumber.mail.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

KEPT = """
CREATE FUNCTION longread_keep_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO longread_formertoken (token, digest)
        VALUES (OLD.token, encode(sha256(convert_to(OLD.email, 'UTF8')), 'hex'))
        ON CONFLICT (token) DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION longread_week_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM archive_freewindow WHERE id = OLD.window_id;
    RETURN NULL;
END $$;

CREATE TRIGGER longread_keep_token AFTER DELETE ON longread_recipient
    FOR EACH ROW EXECUTE FUNCTION longread_keep_token();

CREATE TRIGGER longread_week_gone AFTER DELETE ON longread_longread
    FOR EACH ROW EXECUTE FUNCTION longread_week_gone();
"""
KEPT_NO_MORE = """
DROP TRIGGER longread_week_gone ON longread_longread;
DROP TRIGGER longread_keep_token ON longread_recipient;
DROP FUNCTION longread_week_gone();
DROP FUNCTION longread_keep_token();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerToken',
            fields=[
                ('token', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='LongRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(help_text='A Monday. The article is free until the next one.', unique=True, verbose_name='the week that begins on')),
                ('introduction', models.TextField(blank=True, help_text='A line or two from the editor, at the head of the mail.')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='long_reads', to='archive.article')),
                ('window', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='long_read', to='archive.freewindow')),
            ],
            options={
                'ordering': ('-week',),
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.TextField()),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('frozen_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('long_read', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='longread.longread')),
            ],
            options={
                'ordering': ('-frozen_at',),
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', backnumber.mail.fields.AddressField(max_length=254, verbose_name='e-mail')),
                ('token', models.CharField(default=backnumber.longread.models.new_token, editable=False, max_length=64, unique=True)),
                ('confirm_token', models.CharField(default=backnumber.longread.models.new_token, editable=False, max_length=64, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('invited_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmation last sent')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-asked_at',),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_recipient_per_address')],
            },
        ),
        migrations.CreateModel(
            name='Send',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('excluded_because', models.CharField(blank=True, max_length=100)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sends', to='longread.edition')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sends', to='longread.recipient')),
            ],
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('long_read',), name='one_edition_a_week'),
        ),
        migrations.AddIndex(
            model_name='send',
            index=models.Index(fields=['edition', 'handed_over_at'], name='longread_se_edition_f2ec13_idx'),
        ),
        migrations.AddConstraint(
            model_name='send',
            constraint=models.UniqueConstraint(fields=('edition', 'recipient'), name='one_send_each'),
        ),
        migrations.RunSQL(KEPT, KEPT_NO_MORE),
    ]
