import re
import unicodedata

from django.db import migrations, models

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def digits_of(number):
    """As `circulation.rules.digits_key` when this was written."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", number).upper())
    if len(words) > 1 and words[0].isalpha():
        words.pop(0)
    found = re.fullmatch(r"[^\W\d_]*(\w+)", "".join(words)) if words else None
    rest = found[1].translate(_LOOKS_LIKE) if found else ""
    return rest.lstrip("0") if rest.isascii() and rest.isdigit() else ""


def fill(apps, schema_editor):
    subscription = apps.get_model("circulation", "PrintSubscription")
    changed = []
    for one in subscription.objects.only("pk", "number").iterator():
        one.claim_digits = digits_of(one.number)
        changed.append(one)
    subscription.objects.bulk_update(changed, ["claim_digits"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("circulation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="printsubscription",
            name="claim_digits",
            field=models.CharField(
                db_index=True,
                default="",
                editable=False,
                help_text="The number without letters and leading zeros, for a claim that leaves them out.",
                max_length=40,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
