"""The links, and two triggers: no room can forget to tell the doors that a link was revoked, nor leave the links of a reader open whose
money went back.

A grant that has ended, or has not begun, does not keep links open. Which article a grant opens only the rule knows: it is
asked when a token is exchanged.

What compares old rows with new ones is planned anew each time it runs (EXECUTE): a plan that a connection keeps was made for the number
of rows of its first run, and a nested loop for one row is quadratic for thousands.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TELL = """
CREATE FUNCTION gifts_tell_of_revoked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        SELECT count(pg_notify('backnumber', 'gift ' || n.id)) FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE n.revoked_at IS DISTINCT FROM o.revoked_at
    $q$;
    RETURN NULL;
END $$;

CREATE FUNCTION gifts_tell_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('backnumber', 'gift ' || o.id) FROM old_rows AS o WHERE o.revoked_at IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION gifts_revoke_with_grant() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE $q$
        UPDATE gifts_giftlink AS link SET revoked_at = gone.at
        FROM (
            SELECT n.reader_id, max(n.revoked_at) AS at FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
            WHERE o.revoked_at IS NULL AND n.revoked_at IS NOT NULL GROUP BY n.reader_id
        ) AS gone
        WHERE link.reader_id = gone.reader_id AND link.revoked_at IS NULL AND link.until > gone.at AND NOT EXISTS (
            SELECT 1 FROM grants_grant AS other
            WHERE other.reader_id = gone.reader_id AND other.revoked_at IS NULL
                AND other.evidence IN ('payment', 'print-subscription', 'staff')
                AND other.starts <= gone.at AND (other.until IS NULL OR other.until > gone.at)
        )
    $q$;
    RETURN NULL;
END $$;

CREATE TRIGGER gifts_revoked AFTER UPDATE ON gifts_giftlink
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION gifts_tell_of_revoked();

CREATE TRIGGER gifts_gone AFTER DELETE ON gifts_giftlink
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION gifts_tell_of_gone();

CREATE TRIGGER gifts_grant_revoked AFTER UPDATE ON grants_grant
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION gifts_revoke_with_grant();
"""
TELL_NO_MORE = """
DROP TRIGGER gifts_grant_revoked ON grants_grant;
DROP TRIGGER gifts_gone ON gifts_giftlink;
DROP TRIGGER gifts_revoked ON gifts_giftlink;
DROP FUNCTION gifts_revoke_with_grant();
DROP FUNCTION gifts_tell_of_gone();
DROP FUNCTION gifts_tell_of_revoked();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('grants', '0001_initial'),
        ('archive', '0001_initial'),
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
            ],
            options={
                'ordering': ('-made_at', '-id'),
            },
        ),
        migrations.AddField(
            model_name='giftlink',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gift_links', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='giftlink',
            index=models.Index(fields=['reader', 'made_at'], name='gifts_giftl_reader__e9908c_idx'),
        ),
        migrations.AddConstraint(
            model_name='giftlink',
            constraint=models.CheckConstraint(condition=models.Q(('made_at__lt', models.F('until'))), name='gift_has_length'),
        ),
        migrations.RunSQL(TELL, TELL_NO_MORE),
    ]
