import backnumber.mail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='about')),
                ('sender', models.CharField(max_length=320)),
                ('recipient', backnumber.mail.fields.AddressField(max_length=320)),
                ('subject', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('headers', models.JSONField(default=dict)),
                ('keeps_text', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('refused', 'refused')], default='waiting', max_length=8)),
                ('fault', models.CharField(blank=True, choices=[('', 'none'), ('server', 'the mail server could not be reached, or is not ready'), ('recipient', 'the recipient’s mailbox')], default='', max_length=9)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(blank=True, null=True, verbose_name='last tried')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='sent or refused')),
            ],
            options={
                'verbose_name_plural': 'mail',
                'ordering': ('-created_at', '-id'),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='mail_due'), models.Index(fields=['settled_at'], name='mail_settled'), models.Index(fields=['recipient'], name='mail_recipient')],
            },
        ),
    ]
