"""The tables, and two triggers: no room can forget to tell the front doors that a gift link was revoked, nor leave the links
of a reader open whose money went back.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TELL = """
CREATE FUNCTION allowances_tell_of_revoked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('backnumber', 'gift ' || n.id) FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
    WHERE n.revoked_at IS DISTINCT FROM o.revoked_at;
    RETURN NULL;
END $$;

CREATE FUNCTION allowances_tell_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('backnumber', 'gift ' || o.id) FROM old_rows AS o WHERE o.revoked_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER allowances_revoked AFTER UPDATE ON allowances_giftlink
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_tell_of_revoked();

CREATE TRIGGER allowances_gone AFTER DELETE ON allowances_giftlink
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION allowances_tell_of_gone();
"""
TELL_NO_MORE = """
DROP TRIGGER allowances_revoked ON allowances_giftlink;
DROP TRIGGER allowances_gone ON allowances_giftlink;
DROP FUNCTION allowances_tell_of_revoked();
DROP FUNCTION allowances_tell_of_gone();
"""

# A grant that has ended, or has not begun, does not keep links open. Which article a grant opens only the rule knows: it is
# asked when a token is exchanged.
REVOKE_WITH_GRANT = """
CREATE FUNCTION allowances_revoke_with_grant() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE allowances_giftlink AS link SET revoked_at = gone.at
    FROM (
        SELECT n.reader_id, max(n.revoked_at) AS at FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE o.revoked_at IS NULL AND n.revoked_at IS NOT NULL GROUP BY n.reader_id
    ) AS gone
    WHERE link.reader_id = gone.reader_id AND link.revoked_at IS NULL AND link.until > gone.at AND NOT EXISTS (
        SELECT 1 FROM subscriptions_grant AS other
        WHERE other.reader_id = gone.reader_id AND other.revoked_at IS NULL
            AND other.evidence IN ('payment', 'print-subscription', 'staff')
            AND other.starts <= gone.at AND (other.until IS NULL OR other.until > gone.at)
    );
    RETURN NULL;
END $$;

CREATE TRIGGER allowances_grant_revoked AFTER UPDATE ON subscriptions_grant
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_revoke_with_grant();
"""
LEAVE_OPEN = """
DROP TRIGGER allowances_grant_revoked ON subscriptions_grant;
DROP FUNCTION allowances_revoke_with_grant();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('archive', '0002_initial'),
        ('subscriptions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GiftLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField(verbose_name='until, exclusive')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('opened', models.PositiveIntegerField(default=0, verbose_name='times opened')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gift_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made_at', '-id'),
                'indexes': [models.Index(fields=['reader', 'made_at'], name='allowances__reader__bb60bd_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('made_at__lt', models.F('until'))), name='gift_has_length')],
            },
        ),
        migrations.CreateModel(
            name='MeteredRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='archive.article')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='allowances__at_642020_idx')],
                'constraints': [models.UniqueConstraint(fields=('reader', 'article'), name='one_metered_read')],
            },
        ),
        migrations.RunSQL(TELL, TELL_NO_MORE),
        migrations.RunSQL(REVOKE_WITH_GRANT, LEAVE_OPEN),
    ]
