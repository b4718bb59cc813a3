"""Rates by country, kind and day. `backnumber setup` fills an empty table (tax/first_rates.csv)."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='Two letters (ISO 3166-1): GB, IE, GR.', max_length=2, validators=[django.core.validators.RegexValidator('\\A[A-Z]{2}\\Z', 'Give the country by its two letters, as in GB or IE.')])),
                ('kind', models.CharField(choices=[('online', 'Online: electronic publications'), ('print', 'Print: printed periodicals')], max_length=8)),
                ('from_date', models.DateField(help_text='The first day on which it is charged.', verbose_name='from')),
                ('basis_points', models.PositiveSmallIntegerField(help_text='Hundredths of a per cent of the price without tax.', validators=[django.core.validators.MaxValueValidator(10000)])),
                ('name', models.CharField(default='VAT', help_text='As invoices write it.', max_length=40, verbose_name='name of the tax')),
                ('source', models.CharField(blank=True, help_text='Where this rate is written: an address or a law.', max_length=500)),
                ('note', models.TextField(blank=True, help_text='What whoever checks it next should know.')),
            ],
            options={
                'verbose_name': 'tax rate',
                'ordering': ('country', 'kind', '-from_date'),
                'constraints': [models.UniqueConstraint(fields=('country', 'kind', 'from_date'), name='one_tax_rate_a_day', violation_error_message='There is a rate of this country and kind from that day already.'), models.CheckConstraint(condition=models.Q(('kind__in', ['online', 'print'])), name='tax_kind_is_known'), models.CheckConstraint(condition=models.Q(('basis_points__lte', 10000)), name='tax_rate_is_a_share')],
            },
        ),
    ]
