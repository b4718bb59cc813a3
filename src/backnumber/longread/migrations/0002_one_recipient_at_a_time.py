"""A token to join beside the one to leave; why a mail was refused; one spelling of each address; tokens that outlive their row."""

import hashlib

from django.db import migrations, models

import backnumber.longread.models
import backnumber.post.fields
from backnumber.post.addresses import nearest_spelling

KEEPS_TOKENS = """
CREATE FUNCTION longread_keep_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO longread_formertoken (token, digest)
        VALUES (OLD.token, encode(sha256(convert_to(OLD.email, 'UTF8')), 'hex'))
        ON CONFLICT (token) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER longread_keep_token AFTER DELETE ON longread_recipient
    FOR EACH ROW EXECUTE FUNCTION longread_keep_token();
"""
LETS_TOKENS_GO = """
DROP TRIGGER longread_keep_token ON longread_recipient;
DROP FUNCTION longread_keep_token();
"""


def one_spelling_each(apps, schema_editor):
    """Two rows of one mailbox become one, which is on the list if the last that was done to either put it there."""
    Recipient = apps.get_model("longread", "Recipient")
    rows = {}
    for recipient in Recipient.objects.order_by("pk").iterator():
        rows.setdefault(nearest_spelling(recipient.email), []).append(recipient)
    for address, ones in rows.items():
        ones.sort(key=_last_done, reverse=True)
        for other in ones[1:]:
            _become_one(apps, ones[0], other, address)
        if ones[0].email != address:
            ones[0].email = address
            ones[0].save(update_fields=["email"])


def _last_done(recipient):
    return max(at for at in (recipient.left_at, recipient.confirmed_at, recipient.asked_at) if at), recipient.pk


def _become_one(apps, kept, other, address):
    Send, FormerToken = apps.get_model("longread", "Send"), apps.get_model("longread", "FormerToken")
    had = Send.objects.filter(recipient=kept.pk).values("edition")
    Send.objects.filter(recipient=other.pk).exclude(edition__in=had).update(recipient=kept.pk)
    FormerToken.objects.create(token=other.token, digest=hashlib.sha256(address.encode()).hexdigest())
    gone = other.pk
    other.delete()
    print(f"\n    Two spellings of one mailbox on the weekly list became one: recipient {kept.pk} stays, {gone} is gone.")


class Migration(migrations.Migration):
    dependencies = [("longread", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FormerToken",
            fields=[
                ("token", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("recipient", "confirm_token", models.CharField(default="", editable=False, max_length=64)),
        migrations.RunSQL("UPDATE longread_recipient SET confirm_token = token", migrations.RunSQL.noop),
        migrations.RunPython(one_spelling_each, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AlterField(
            "recipient",
            "confirm_token",
            models.CharField(default=backnumber.longread.models.new_token, editable=False, max_length=64, unique=True),
        ),
        migrations.AlterField(
            "recipient", "email", backnumber.post.fields.AddressField(max_length=254, verbose_name="e-mail")
        ),
        migrations.AlterField("edition", "subject", models.TextField()),
        migrations.AddField("send", "refused_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("send", "attempts", models.PositiveIntegerField(default=0)),
        migrations.AddField("send", "last_error", models.TextField(blank=True)),
        migrations.RunSQL(KEEPS_TOKENS, LETS_TOKENS_GO),
    ]
