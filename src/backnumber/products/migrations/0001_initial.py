import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True)),
                ('scope', models.CharField(choices=[('archive', 'The whole archive'), ('title', 'One title'), ('span', 'A span of cover dates'), ('recent', 'The last years'), ('issue', 'One issue: the one the reader came from'), ('article', 'One article: the one the reader came from')], default='archive', max_length=16)),
                ('first_date', models.DateField(blank=True, help_text='Empty: from the first issue on.', null=True, verbose_name='first cover date')),
                ('last_date', models.DateField(blank=True, help_text='Inclusive. Empty: to the latest issue.', null=True, verbose_name='last cover date')),
                ('years', models.PositiveSmallIntegerField(blank=True, help_text='This year included: 1 is the current year only.', null=True, verbose_name='how many years')),
                ('term_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='term in months')),
                ('term_days', models.PositiveSmallIntegerField(blank=True, help_text='Days of 24 hours, from the payment.', null=True, verbose_name='or in days')),
                ('keeps_term', models.BooleanField(default=False, help_text='Those with a cover date within the term. Only for a term in months.', verbose_name='after the end, the issues of the paid term stay open')),
                ('is_print', models.BooleanField(default=False, help_text='A postal address is asked for.', verbose_name='with printed copies')),
                ('for_sale', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.ForeignKey(blank=True, help_text='Empty: every title. For a single issue or article it says of which title they are sold.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='archive.title')),
            ],
            options={
                'ordering': ('position', 'name'),
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(choices=[('anywhere', 'Anywhere'), ('uk', 'United Kingdom'), ('europe', 'Europe'), ('world', 'Rest of the world')], default='anywhere', max_length=12)),
                ('minor', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='amount in minor units')),
                ('currency', models.CharField(default='GBP', max_length=3)),
                ('product', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='products.product')),
            ],
            options={
                'ordering': ('product', 'minor'),
            },
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'title'), _negated=True), ('title__isnull', False), _connector='OR'), name='product_names_its_title', violation_error_message='Say which title it opens.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'span'), _negated=True), models.Q(('first_date__isnull', False), ('last_date__isnull', True)), models.Q(('first_date__isnull', True), ('last_date__isnull', False)), models.Q(('first_date__isnull', False), ('first_date__lte', models.F('last_date')), ('last_date__isnull', False)), _connector='OR'), name='product_span_has_a_date', violation_error_message='Give the span a first or a last cover date, in this order.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'recent'), _negated=True), models.Q(('years__gte', 1), ('years__isnull', False)), _connector='OR'), name='product_of_years_says_how_many', violation_error_message='Say how many years it opens.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('term_days__isnull', True), ('term_months__gte', 1), ('term_months__isnull', False)), models.Q(('term_days__gte', 1), ('term_days__isnull', False), ('term_months__isnull', True)), models.Q(('scope__in', ['issue', 'article']), ('term_days__isnull', True), ('term_months__isnull', True)), _connector='OR'), name='term_has_length', violation_error_message='Give it a term, in months or in days.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('keeps_term', False), ('is_print', False)), models.Q(('term_months__isnull', False), models.Q(('scope__in', ['issue', 'article']), _negated=True)), _connector='OR'), name='copies_and_kept_issues_need_months', violation_error_message='Printed copies, and issues that stay open, need a term in months.'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.UniqueConstraint(fields=('product', 'region'), name='one_price_per_region'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('minor__gt', 0)), name='price_is_more_than_nothing'),
        ),
    ]
