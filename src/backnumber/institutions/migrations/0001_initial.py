"""The tables; what the database holds whoever writes: no address in two networks in use on one day; and the notice to the door of
every process that the table of institutions' addresses has changed.

A range type over `inet` has what an exclusion needs in PostgreSQL itself: no extension.
"""

import django.db.models.deletion
from django.db import migrations, models

EXCLUSION = """
CREATE TYPE address_range AS RANGE (subtype = inet);
ALTER TABLE institutions_network ADD CONSTRAINT network_of_one_version CHECK (family(first) = family(last));
ALTER TABLE institutions_network ADD CONSTRAINT no_address_twice EXCLUDE USING gist (
    address_range(first, last, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (in_use);
"""
NO_EXCLUSION = """
ALTER TABLE institutions_network DROP CONSTRAINT no_address_twice;
ALTER TABLE institutions_network DROP CONSTRAINT network_of_one_version;
DROP TYPE address_range;
"""
TELL = """
CREATE FUNCTION institutions_tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('backnumber', 'places');
    RETURN NULL;
END $$;
"""
TABLES = ("institutions_institution", "institutions_network", "institutions_licence")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As its readers know it.', max_length=200)),
                ('slug', models.SlugField(blank=True, help_text='For reports. Empty: made from the name.', max_length=100, unique=True)),
                ('contact', models.TextField(blank=True, help_text='Whom we write to, and what we agreed. Readers never see it.')),
                ('is_active', models.BooleanField(default=True, help_text='Take this away to close everything at once.', verbose_name='in use')),
            ],
            options={
                'ordering': ('name', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='As readers see it: “Campus licence, whole archive”.', max_length=200)),
                ('evidence_key', models.CharField(help_text='What it rests on: the agreement’s number, the consortium’s order.', max_length=200, verbose_name='agreement')),
                ('scope', models.CharField(choices=[('archive', 'The whole archive'), ('title', 'One title'), ('span', 'A span of cover dates'), ('recent', 'The latest years'), ('issue', 'One issue')], default='archive', max_length=16, verbose_name='opens')),
                ('first_date', models.DateField(blank=True, null=True, verbose_name='first cover date')),
                ('last_date', models.DateField(blank=True, null=True, verbose_name='last cover date, inclusive')),
                ('years', models.PositiveSmallIntegerField(blank=True, help_text='Calendar years by cover date, this one included.', null=True, verbose_name='latest years')),
                ('starts', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until, exclusive')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_because', models.CharField(blank=True, max_length=200)),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='licences', to='institutions.institution')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.issue')),
                ('title', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.title')),
            ],
            options={
                'ordering': ('-starts', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('evidence_key', ''), _negated=True), name='no_licence_without_evidence'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('starts__lt', models.F('until')), _connector='OR'), name='licence_has_length'), models.CheckConstraint(condition=models.Q(('scope', 'archive'), models.Q(('scope', 'title'), ('title__isnull', False)), models.Q(('first_date__isnull', False), ('scope', 'span')), models.Q(('last_date__isnull', False), ('scope', 'span')), models.Q(('scope', 'recent'), ('years__gte', 1)), models.Q(('issue__isnull', False), ('scope', 'issue')), _connector='OR'), name='licence_says_what_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Network',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.GenericIPAddressField()),
                ('last', models.GenericIPAddressField()),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on, inclusive')),
                ('note', models.CharField(blank=True, max_length=200)),
                ('in_use', models.BooleanField(default=True, help_text="As the institution; kept here for the database's own check.")),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='networks', to='institutions.institution')),
            ],
            options={
                'ordering': ('first', 'last', 'id'),
                'indexes': [models.Index(fields=['last', 'first'], name='institution_last_5caa12_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='network_has_addresses'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='network_has_days')],
            },
        ),
        migrations.RunSQL(EXCLUSION, NO_EXCLUSION),
        migrations.RunSQL(TELL, "DROP FUNCTION institutions_tell()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER institutions_tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION institutions_tell()",
                f"DROP TRIGGER institutions_tell ON {table}",
            )
            for table in TABLES
        ),
    ]
