from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=120, verbose_name="the provider's key")),
                ('order_key', models.CharField(max_length=40)),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('minor', models.PositiveIntegerField(verbose_name='amount in minor units')),
                ('currency', models.CharField(max_length=3)),
                ('address', models.URLField(max_length=500, verbose_name='where the reader pays')),
                ('state', models.CharField(choices=[('open', 'Open'), ('pending', 'Pending'), ('paid', 'Paid'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('refunded', 'Refunded')], default='open', max_length=12)),
                ('begun_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('refunded_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, max_length=300, verbose_name='for staff to look at')),
            ],
            options={
                'ordering': ('order_key', 'attempt'),
                'indexes': [models.Index(fields=['state', 'begun_at'], name='payments_pa_state_bec456_idx')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'key'), name='one_payment_per_key'), models.UniqueConstraint(fields=('order_key', 'attempt'), name='one_payment_per_attempt')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('event_id', models.CharField(max_length=120, verbose_name="the provider's id")),
                ('type', models.CharField(max_length=60)),
                ('payment_key', models.CharField(blank=True, db_index=True, max_length=120)),
                ('received_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('applied', 'Applied'), ('ignored', 'Of no concern to us'), ('rejected', 'Rejected: for staff to look at')], default='applied', max_length=10)),
            ],
            options={
                'ordering': ('-received_at', '-id'),
                'constraints': [models.UniqueConstraint(fields=('provider', 'event_id'), name='one_record_per_event')],
            },
        ),
    ]
