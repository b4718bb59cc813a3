"""What is frozen stays as it is: the database refuses to change a frozen run, its labels and copies, and a file that was made."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE FUNCTION copies_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% is kept as it was when it was frozen or made', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION copies_of_an_open_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM copies_run WHERE id = NEW.run_id AND state = 'frozen') THEN
        RAISE EXCEPTION 'the run is frozen: it gets no more labels' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION copies_of_an_open_label() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT FROM copies_label l JOIN copies_run r ON r.id = l.run_id WHERE l.id = NEW.label_id AND r.state = 'frozen'
    ) THEN
        RAISE EXCEPTION 'the run is frozen: it gets no more copies' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER copies_run_stays BEFORE UPDATE OR DELETE ON copies_run
    FOR EACH ROW WHEN (OLD.state = 'frozen') EXECUTE FUNCTION copies_refused();
CREATE TRIGGER copies_label_stays BEFORE UPDATE OR DELETE ON copies_label
    FOR EACH ROW EXECUTE FUNCTION copies_refused();
CREATE TRIGGER copies_label_of_an_open_run BEFORE INSERT ON copies_label
    FOR EACH ROW EXECUTE FUNCTION copies_of_an_open_run();
CREATE TRIGGER copies_copy_stays BEFORE UPDATE OR DELETE ON copies_copy
    FOR EACH ROW EXECUTE FUNCTION copies_refused();
CREATE TRIGGER copies_copy_of_an_open_run BEFORE INSERT ON copies_copy
    FOR EACH ROW EXECUTE FUNCTION copies_of_an_open_label();
CREATE TRIGGER copies_file_stays BEFORE DELETE OR UPDATE OF name, kind, part, content, digest, lines, made_at, run_id, profile_id ON copies_sentfile
    FOR EACH ROW EXECUTE FUNCTION copies_refused();
"""
NOT_KEPT = """
DROP TRIGGER copies_file_stays ON copies_sentfile;
DROP TRIGGER copies_copy_of_an_open_run ON copies_copy;
DROP TRIGGER copies_copy_stays ON copies_copy;
DROP TRIGGER copies_label_of_an_open_run ON copies_label;
DROP TRIGGER copies_label_stays ON copies_label;
DROP TRIGGER copies_run_stays ON copies_run;
DROP FUNCTION copies_of_an_open_label();
DROP FUNCTION copies_of_an_open_run();
DROP FUNCTION copies_refused();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
        ('circulation', '0002_what_is_sent'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('chain', models.BigIntegerField(help_text='The first print subscription of those that follow one another.')),
                ('kind', models.CharField(choices=[('owed', 'Owed'), ('replaced', 'Replaces a copy')], default='owed', max_length=8)),
                ('number', models.CharField(max_length=40, verbose_name='subscriber number')),
                ('name', models.CharField(max_length=200)),
                ('given_by', models.CharField(blank=True, max_length=200)),
                ('lines', models.TextField(blank=True, verbose_name='lines between name and post town')),
                ('town', models.CharField(blank=True, max_length=200, verbose_name='post town')),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(choices=[('anywhere', 'Anywhere'), ('uk', 'United Kingdom'), ('europe', 'Europe'), ('world', 'Rest of the world')], max_length=12)),
                ('bundle', models.CharField(max_length=20)),
                ('copies', models.PositiveSmallIntegerField()),
                ('is_last', models.BooleanField(default=False, verbose_name='last issue of the term')),
            ],
            options={
                'ordering': ('run', 'place'),
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('again', models.PositiveSmallIntegerField(default=0)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.issue')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='circulation.printsubscription')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='copies.label')),
            ],
        ),
        migrations.CreateModel(
            name='OtherAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(blank=True, null=True, verbose_name='to, inclusive')),
                ('because', models.CharField(max_length=200, verbose_name='reason')),
                ('made_at', models.DateTimeField()),
                ('name', models.CharField(blank=True, help_text='Empty: as always.', max_length=200, verbose_name='name on the label')),
                ('address', models.TextField(verbose_name='postal address, line by line')),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(max_length=2, verbose_name='country, ISO 3166-1')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='circulation.printsubscription')),
            ],
            options={
                'ordering': ('from_on', 'id'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(blank=True, null=True, verbose_name='to, inclusive')),
                ('because', models.CharField(max_length=200, verbose_name='reason')),
                ('made_at', models.DateTimeField()),
                ('missed', models.CharField(choices=[('after', 'are sent after the end of the term'), ('late', 'are sent with a supplementary run, once the pause is over'), ('none', 'are not sent')], default='after', max_length=8, verbose_name='the issues missed')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='circulation.printsubscription')),
            ],
            options={
                'ordering': ('from_on', 'id'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('house', models.CharField(max_length=80, verbose_name='mailing house')),
                ('code', models.CharField(help_text='Three capitals. A file’s name is these, the issue’s year and month, and a letter: HRG9909A.', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'Three capitals.')], verbose_name='title in file names')),
                ('columns', models.TextField(default='Number: number\nName: name\nAddress 1: line1\nAddress 2: line2\nAddress 3: line3\nAddress 4: line4\nPost town: town\nPostcode: postcode\nCountry: country\nCopies: copies\nIssue: issue\nRegion: region\nBundle: bundle\nMessage: message', help_text='One a line, in their order: “Heading: field”, or “Heading: field, at most 35”.')),
                ('separator', models.CharField(choices=[(',', 'Comma'), (';', 'Semicolon'), ('\t', 'Tab'), ('|', 'Upright stroke')], default=',', max_length=1)),
                ('quoting', models.CharField(choices=[('needed', 'Where they are needed'), ('all', 'Round every field'), ('none', 'None at all')], default='needed', max_length=8, verbose_name='quotation marks')),
                ('encoding', models.CharField(choices=[('utf-8', 'UTF-8'), ('utf-8-sig', 'UTF-8 with a mark, for spreadsheets'), ('cp1252', 'Windows (western Europe)'), ('ascii', 'ASCII, no accents')], default='utf-8', max_length=12)),
                ('has_header', models.BooleanField(default=True, verbose_name='headings on the first line')),
                ('bundles', models.CharField(choices=[('region', 'By region'), ('area', 'By region and postal area')], default='area', max_length=8)),
                ('lead_days', models.PositiveSmallIntegerField(default=3, verbose_name='days from the file to the mailing')),
                ('bulk_from', models.PositiveIntegerField(default=1000, verbose_name='copies from which the bulk rate holds')),
                ('home_country', models.CharField(default='GB', max_length=2, verbose_name='posted in, ISO 3166-1')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.title')),
            ],
            options={
                'ordering': ('title', 'house'),
            },
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('returned', 'Came back'), ('lost', 'Did not arrive'), ('damaged', 'Arrived damaged')], max_length=8)),
                ('done', models.CharField(choices=[('replace', 'Send it again'), ('credit', 'One issue more after the term'), ('nothing', 'Nothing')], max_length=8)),
                ('because', models.CharField(max_length=200, verbose_name='reason')),
                ('made_at', models.DateTimeField()),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remedies', to='copies.copy')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('cut_off', models.DateField(help_text='Who is a subscriber on this day gets the issue.')),
                ('mailing_on', models.DateField(help_text='Pauses and temporary addresses hold as on this day.', verbose_name='mailing day')),
                ('state', models.CharField(choices=[('open', 'Open'), ('frozen', 'Frozen')], default='open', max_length=8)),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('frozen_by', models.CharField(blank=True, help_text='As they were called: an account may go, the run stays.', max_length=254)),
                ('layout', models.JSONField(blank=True, default=dict, verbose_name='the profile as it was')),
                ('copies', models.PositiveIntegerField(default=0, verbose_name='copies sent')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.issue')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='copies.profile')),
            ],
            options={
                'ordering': ('-cut_off', '-number'),
            },
        ),
        migrations.AddField(
            model_name='label',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='copies.run'),
        ),
        migrations.CreateModel(
            name='SentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('mailing', 'Mailing file'), ('labels', 'Label sheets'), ('changes', 'File of changes')], max_length=8)),
                ('part', models.PositiveSmallIntegerField(default=1)),
                ('content', models.BinaryField(help_text='Compressed with zlib.')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('lines', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('acknowledged', models.CharField(blank=True, max_length=200, verbose_name='what the house answered')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='copies.profile')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='copies.run')),
            ],
            options={
                'ordering': ('-made_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Skipped',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_kept', models.BooleanField()),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.issue')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skipped', to='circulation.printsubscription')),
            ],
        ),
        migrations.CreateModel(
            name='ToldLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.BigIntegerField()),
                ('said', models.JSONField()),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='copies.profile')),
            ],
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(fields=('subscription', 'issue', 'number', 'again'), name='a_copy_is_on_one_label'),
        ),
        migrations.AddConstraint(
            model_name='otheraddress',
            constraint=models.CheckConstraint(condition=models.Q(('to_on', None), ('from_on__lte', models.F('to_on')), _connector='OR'), name='an_other_address_has_length'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('to_on', None), ('from_on__lte', models.F('to_on')), _connector='OR'), name='a_pause_of_copies_has_length'),
        ),
        migrations.AddConstraint(
            model_name='profile',
            constraint=models.UniqueConstraint(fields=('title', 'house'), name='one_profile_of_a_house'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(fields=('copy',), name='one_remedy_of_a_copy'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(fields=('issue', 'number'), name='one_run_of_a_number'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('cut_off__lte', models.F('mailing_on'))), name='cut_off_before_mailing'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('state', 'open')), models.Q(('frozen_at__isnull', False), ('state', 'frozen')), _connector='OR'), name='a_frozen_run_says_when'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('run', 'place'), name='one_label_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('run', 'chain', 'kind'), name='one_label_of_a_subscriber'),
        ),
        migrations.AddConstraint(
            model_name='sentfile',
            constraint=models.UniqueConstraint(condition=models.Q(('run__isnull', False)), fields=('run', 'kind', 'part'), name='one_file_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='skipped',
            constraint=models.UniqueConstraint(fields=('subscription', 'issue'), name='skipped_once'),
        ),
        migrations.AddConstraint(
            model_name='toldline',
            constraint=models.UniqueConstraint(fields=('profile', 'chain'), name='told_once'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
