import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('archive', 'The whole archive'), ('title', 'One title'), ('span', 'A span of cover dates'), ('recent', 'The last years'), ('issue', 'One issue'), ('article', 'One article')], default='archive', max_length=16)),
                ('first_date', models.DateField(blank=True, null=True, verbose_name='first cover date')),
                ('last_date', models.DateField(blank=True, null=True, verbose_name='last cover date, inclusive')),
                ('years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how many years, this one included')),
                ('kept_first_date', models.DateField(blank=True, null=True, verbose_name='kept after the end, from cover date')),
                ('kept_last_date', models.DateField(blank=True, null=True, verbose_name='kept after the end, to cover date, inclusive')),
                ('starts', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until, exclusive')),
                ('evidence', models.CharField(choices=[('payment', 'Payment'), ('print-subscription', 'Print subscription'), ('gift', 'Gift'), ('licence', 'Licence'), ('staff', 'Staff decision')], max_length=24)),
                ('evidence_key', models.CharField(help_text="What it rests on: an order's key, a subscriber number and term, a case.", max_length=200)),
                ('label', models.CharField(help_text='As the reader knows it: "Online access, yearly".', max_length=200)),
                ('granted_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_because', models.CharField(blank=True, max_length=200)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.article')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.issue')),
                ('kept_title', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.title')),
            ],
            options={
                'ordering': ('-starts', '-id'),
            },
        ),
        migrations.AddField(
            model_name='grant',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grant',
            name='title',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.title'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(fields=['reader', 'until'], name='grants_gran_reader__6be194_idx'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(fields=('evidence', 'evidence_key'), name='one_grant_per_evidence'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('evidence_key', ''), _negated=True), name='no_grant_without_evidence'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('starts__lt', models.F('until')), _connector='OR'), name='grant_has_length'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'recent'), _negated=True), models.Q(('years__gte', 1), ('years__isnull', False)), _connector='OR'), name='recent_grant_has_years'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept_first_date__isnull', True), ('kept_last_date__isnull', True), ('kept_title__isnull', True)), models.Q(('kept_first_date__isnull', False), ('kept_first_date__lte', models.F('kept_last_date')), ('kept_last_date__isnull', False), ('until__isnull', False)), _connector='OR'), name='kept_span_is_whole'),
        ),
    ]
