"""Contributors whom an import had filed are filed anew, by surname with its particles. What an editor has typed stays.

An import filed by the last word, with three letters at least; whatever differs from that was typed, and so was all that was made in
the admin. It may run again: what is filed by hand is left alone.
"""

import re

from django.db import migrations

from backnumber.archive.filing import filed_as

_BODIES = frozenset(
    "academy agency association board bureau centre center church circle club college commission committee company congress"
    " corporation council court department editor editors faculty federation foundation fund gallery group guild hospital institute"
    " institution laboratory league library ministry museum office order parliament party press project school secretariat society"
    " staff team trust union university".split()
)


def as_imports_filed(name):
    spoken = re.findall(r"[^\W\d_]+", name.lower())
    is_body = len(spoken) > 1 and (spoken[0] == "the" or bool(_BODIES & set(spoken)))
    words = name.split()
    if is_body or len(words) < 2 or sum(c.isalpha() for c in words[-1]) < 3 or words[-1].endswith("."):
        return name
    return f"{words[-1]}, {' '.join(words[:-1])}"[:200]


def file_anew(apps, schema_editor):
    contributors = apps.get_model("archive", "Contributor").objects
    made_by_hand = set(
        apps.get_model("wagtailcore", "ModelLogEntry")
        .objects.filter(
            content_type__app_label="archive",
            content_type__model="contributor",
            action="wagtail.create",
        )
        .values_list("object_id", flat=True)
    )
    changed = []
    for one in contributors.filter(filed_by_hand=False).order_by("pk").iterator(chunk_size=2_000):
        filed = filed_as(one.name)
        if one.sort_name == filed:
            continue
        if str(one.pk) in made_by_hand or one.sort_name not in ("", as_imports_filed(one.name)):
            one.filed_by_hand = True
        else:
            one.sort_name = filed
        changed.append(one)
    contributors.bulk_update(changed, ["sort_name", "filed_by_hand"], batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0007_filed_by_hand"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(file_anew, migrations.RunPython.noop, elidable=True)]
