import backnumber.checkout.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0001_initial'),
        ('products', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name="the form's key")),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=backnumber.checkout.models.new_key, editable=False, max_length=40, unique=True)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail at the time')),
                ('label', models.CharField(max_length=200, verbose_name='what was bought')),
                ('months', models.PositiveSmallIntegerField()),
                ('days', models.PositiveSmallIntegerField(default=0)),
                ('minor', models.PositiveIntegerField(verbose_name='amount in minor units')),
                ('currency', models.CharField(max_length=3)),
                ('region', models.CharField(choices=[('anywhere', 'Anywhere'), ('uk', 'United Kingdom'), ('europe', 'Europe'), ('world', 'Rest of the world')], max_length=12)),
                ('address', models.JSONField(blank=True, null=True, verbose_name='postal address')),
                ('state', models.CharField(choices=[('open', 'Not yet paid'), ('paid', 'Paid'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('refunded', 'Refunded')], default='open', max_length=10)),
                ('placed_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('refunded_at', models.DateTimeField(blank=True, null=True)),
                ('begins', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until, exclusive')),
                ('anchor', models.DateTimeField(blank=True, null=True)),
                ('months_before', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('-placed_at', '-id'),
            },
        ),
        migrations.AddField(
            model_name='formkey',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='order',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='archive.article'),
        ),
        migrations.AddField(
            model_name='order',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product'),
        ),
        migrations.AddField(
            model_name='order',
            name='reader',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='formkey',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_keys', to='checkout.order'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('reader', 'product'), name='one_open_order_per_product'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('begins__isnull', False), ('begins__lt', models.F('until')), ('until__isnull', False)), models.Q(('begins__isnull', False), ('days', 0), ('months', 0), ('until__isnull', True)), _connector='OR'), name='paid_order_has_a_term'),
        ),
        migrations.AddConstraint(
            model_name='formkey',
            constraint=models.UniqueConstraint(fields=('reader', 'key', 'order'), name='form_key_leads_to_order_once'),
        ),
    ]
