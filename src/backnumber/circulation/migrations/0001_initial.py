"""A print subscription that is deleted, however it is deleted, ends the online right that was claimed with it; one whose number is
put right takes its rights along.
"""

import backnumber.mail.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RIGHTS = """
CREATE FUNCTION circulation_subscription_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE grants_grant
    SET revoked_at = now(), revoked_because = 'the print subscription was removed'
    WHERE evidence = 'print-subscription' AND starts_with(evidence_key, OLD.number || ':')
    AND revoked_at IS NULL AND (until IS NULL OR until > now());
    RETURN NULL;
END $$;

CREATE FUNCTION circulation_subscription_renumbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE grants_grant
    SET evidence_key = NEW.number || substr(evidence_key, length(OLD.number) + 1)
    WHERE evidence = 'print-subscription' AND starts_with(evidence_key, OLD.number || ':');
    RETURN NULL;
END $$;

CREATE TRIGGER circulation_subscription_gone AFTER DELETE ON circulation_printsubscription
    FOR EACH ROW EXECUTE FUNCTION circulation_subscription_gone();

CREATE TRIGGER circulation_subscription_renumbered AFTER UPDATE OF number ON circulation_printsubscription
    FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION circulation_subscription_renumbered();
"""
NO_RIGHTS = """
DROP TRIGGER circulation_subscription_renumbered ON circulation_printsubscription;
DROP TRIGGER circulation_subscription_gone ON circulation_printsubscription;
DROP FUNCTION circulation_subscription_renumbered();
DROP FUNCTION circulation_subscription_gone();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('grants', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BureauFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField(blank=True, null=True)),
                ('uploaded_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('report', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'bureau file',
                'ordering': ('-uploaded_at',),
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60)),
                ('surname', models.CharField(max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('message', models.TextField(blank=True, help_text='What the reader adds.')),
                ('earlier', models.TextField(blank=True, help_text='What the reader typed before, one attempt a line.')),
                ('state', models.CharField(choices=[('granted', 'Granted'), ('pending', 'Waiting for staff'), ('accepted', 'Accepted by staff'), ('refused', 'Refused by staff')], max_length=12)),
                ('reference', models.CharField(max_length=16, unique=True)),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, help_text='What the reader is told.')),
            ],
            options={
                'ordering': ('-made_at',),
            },
        ),
        migrations.CreateModel(
            name='ClaimAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=64)),
                ('number', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PrintSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='subscriber number')),
                ('name', models.CharField(max_length=200)),
                ('surname', models.CharField(max_length=100)),
                ('email', backnumber.mail.fields.AddressField(blank=True, max_length=254, verbose_name='e-mail')),
                ('address', models.TextField(blank=True, verbose_name='postal address, line by line')),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(max_length=2, verbose_name='country, ISO 3166-1')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(verbose_name='ends on, inclusive')),
                ('status', models.CharField(choices=[('active', 'Active'), ('lapsed', 'Lapsed'), ('cancelled', 'Cancelled')], default='active', max_length=12)),
                ('source', models.CharField(choices=[('bureau', 'Bureau file'), ('checkout', 'Bought on the site')], default='bureau', max_length=12)),
                ('claim_number', models.CharField(db_index=True, editable=False, help_text='The number as a claim compares it.', max_length=40)),
                ('claim_digits', models.CharField(db_index=True, default='', editable=False, help_text='The number without letters and leading zeros, for a claim that leaves them out.', max_length=40)),
                ('order_key', models.CharField(blank=True, editable=False, help_text='The order that began it.', max_length=100, null=True, unique=True)),
                ('filed_address', models.TextField(blank=True, editable=False, help_text='The address as the bureau last wrote it: what a reader changes here is not undone by it.')),
                ('address_changed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='address changed on the site')),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.AddField(
            model_name='bureaufile',
            name='uploaded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claimattempt',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='printsubscription',
            name='reader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='print_subscriptions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='subscription',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='claims', to='circulation.printsubscription'),
        ),
        migrations.AddIndex(
            model_name='claimattempt',
            index=models.Index(fields=['reader', 'made_at'], name='circulation_reader__259793_idx'),
        ),
        migrations.AddIndex(
            model_name='claimattempt',
            index=models.Index(fields=['address', 'made_at'], name='circulation_address_12bc96_idx'),
        ),
        migrations.AddIndex(
            model_name='claimattempt',
            index=models.Index(fields=['number', 'made_at'], name='circulation_number_52cfe5_idx'),
        ),
        migrations.AddIndex(
            model_name='claimattempt',
            index=models.Index(fields=['made_at'], name='circulation_made_at_c7e722_idx'),
        ),
        migrations.AddConstraint(
            model_name='printsubscription',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='print_term_has_length'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('reader',), name='one_open_case_per_reader'),
        ),
        migrations.RunSQL(RIGHTS, NO_RIGHTS),
    ]
