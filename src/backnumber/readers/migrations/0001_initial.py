"""The accounts, and the table that counts tries: the columns of django.core.cache.backends.db, as `createcachetable` makes them. What only
counts need not survive a crash.
"""

import backnumber.mail.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CACHE = """
CREATE UNLOGGED TABLE IF NOT EXISTS backnumber_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS backnumber_cache_expires ON backnumber_cache (expires);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EndedDevice',
            fields=[
                ('mark', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('because', models.CharField(choices=[('limit', 'one device more than allowed'), ('reader', 'ended by the reader')], max_length=8)),
                ('ended_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', backnumber.mail.fields.AddressField(error_messages={'unique': 'There is an account with this address already.'}, max_length=254, unique=True, verbose_name='e-mail')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('signed_in_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(verbose_name='last used, to within a few minutes')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='device', to='sessions.session')),
            ],
            options={
                'ordering': ('-used_at', '-id'),
            },
        ),
        migrations.AddConstraint(
            model_name='reader',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_reader_per_address'),
        ),
        migrations.RunSQL(CACHE, "DROP TABLE IF EXISTS backnumber_cache"),
    ]
