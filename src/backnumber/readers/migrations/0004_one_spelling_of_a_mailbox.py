"""Each mailbox has one spelling. Where two accounts are of one mailbox, the rights of both stand on one of them, and the other is
closed; the set-up says which.
"""

from django.db import IntegrityError, migrations, transaction

import backnumber.post.fields
from backnumber.post.addresses import nearest_spelling

POINT_TO_READERS = """
SELECT con.conrelid::regclass::text, att.attname
FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
WHERE con.contype = 'f' AND con.confrelid = 'readers_reader'::regclass AND cardinality(con.conkey) = 1
"""
STAY = {"account_emailaddress"}  # what proves the mailbox stays with the account it proved it for


def one_spelling_each(apps, schema_editor):
    Reader, Address = apps.get_model("readers", "Reader"), apps.get_model("account", "EmailAddress")
    proved = set(Address.objects.filter(verified=True).values_list("user", flat=True))
    accounts = {}
    for reader in Reader.objects.exclude(email="").order_by("pk").only("pk", "email", "last_login").iterator():
        accounts.setdefault(nearest_spelling(reader.email), []).append(reader)
    for address, ones in accounts.items():
        ones.sort(key=lambda one: (one.pk not in proved, -(one.last_login.timestamp() if one.last_login else 0), one.pk))
        for other in ones[1:]:
            _close(Reader, Address, other)
            _move_what_points_to(schema_editor.connection, other.pk, ones[0].pk)
            print(f"\n    Two accounts were of one mailbox: reader {ones[0].pk} has the rights of both; {other.pk} is closed.")
        if ones[0].email != address:
            Reader.objects.filter(pk=ones[0].pk).update(email=address)
    for known in Address.objects.order_by("pk").iterator():
        _respell(Address, known)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _close(Reader, Address, other):
    Address.objects.filter(user=other.pk).delete()
    Reader.objects.filter(pk=other.pk).update(
        email=f"closed-{other.pk}@accounts.invalid", is_active=False, password="!"
    )


def _move_what_points_to(connection, old, new):
    """A row that the kept account has already, of what one has once, stays where it is."""
    with connection.cursor() as cursor:
        cursor.execute(POINT_TO_READERS)
        for table, column in cursor.fetchall():
            if table in STAY:
                continue
            cursor.execute(f"SELECT ctid::text FROM {table} WHERE {column} = %s", [old])
            for (row,) in cursor.fetchall():
                try:
                    with transaction.atomic():
                        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE ctid = %s::tid", [new, row])
                except IntegrityError:
                    continue


def _respell(Address, known):
    address = nearest_spelling(known.email)
    if address == known.email:
        return
    taken = Address.objects.filter(email=address).exclude(pk=known.pk)
    if taken.filter(user=known.user_id).exists() or (known.verified and taken.filter(verified=True).exists()):
        known.delete()
    else:
        Address.objects.filter(pk=known.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [
        ("readers", "0003_devices"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(one_spelling_each, migrations.RunPython.noop),
        migrations.AlterField(
            "reader",
            "email",
            backnumber.post.fields.AddressField(
                error_messages={"unique": "There is an account with this address already."},
                max_length=254,
                unique=True,
                verbose_name="e-mail",
            ),
        ),
    ]
