from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='TillPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('request_key', models.CharField(max_length=60, unique=True, verbose_name="the shop's key")),
                ('order_key', models.CharField(max_length=40)),
                ('minor', models.PositiveIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('description', models.CharField(max_length=200)),
                ('success_url', models.URLField(max_length=500)),
                ('cancel_url', models.URLField(max_length=500)),
                ('state', models.CharField(choices=[('open', 'Open'), ('approved', 'Approved'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('refunded', 'Refunded')], default='open', max_length=10)),
                ('begun_at', models.DateTimeField()),
                ('settles_at', models.DateTimeField(blank=True, null=True)),
                ('refunded_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
    ]
