"""Each mailbox has one spelling, here as in the accounts."""

from django.db import migrations

import backnumber.post.fields
from backnumber.post.addresses import nearest_spelling


def one_spelling_each(apps, schema_editor):
    PrintSubscription = apps.get_model("circulation", "PrintSubscription")
    for one in PrintSubscription.objects.exclude(email="").only("pk", "email").iterator():
        address = nearest_spelling(one.email)
        if address != one.email:
            PrintSubscription.objects.filter(pk=one.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [("circulation", "0002_numbers_without_letters")]

    operations = [
        migrations.RunPython(one_spelling_each, migrations.RunPython.noop),
        migrations.AlterField(
            "printsubscription",
            "email",
            backnumber.post.fields.AddressField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
    ]
