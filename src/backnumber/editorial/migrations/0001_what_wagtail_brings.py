"""Wagtail brings a first page, a site, and two groups that may edit pages and documents. An archive is issues: they go.

What somebody made of them stays: a group with members, a table with rows.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

WELCOME = "Welcome to your new Wagtail site!"
DROP_WHEN_EMPTY = """
DO $$ DECLARE
    is_filled boolean;
BEGIN
    IF to_regclass('wagtailembeds_embed') IS NOT NULL THEN
        EXECUTE 'SELECT EXISTS (SELECT FROM wagtailembeds_embed)' INTO is_filled;
        IF NOT is_filled THEN
            DROP TABLE wagtailembeds_embed;
        END IF;
    END IF;
END $$
"""


def put_away(apps: Apps, schema_editor: Any) -> None:
    page, site = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Site")
    apps.get_model("wagtailcore", "GroupPagePermission").objects.all().delete()
    site.objects.filter(root_page__title=WELCOME).delete()
    page.objects.filter(title=WELCOME, depth=2, numchild=0).delete()
    page.objects.filter(depth=1).exclude(pk__in=_with_children(page)).update(numchild=0)
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(
        permission__content_type__app_label="wagtaildocs"
    ).delete()
    group = apps.get_model("auth", "Group")
    user = apps.get_model("readers", "Reader")
    for name in ("Moderators", "Editors"):
        if not user.objects.filter(groups__name=name).exists():
            group.objects.filter(name=name).delete()


def _with_children(page: Any) -> list[int]:
    return [
        root.pk
        for root in page.objects.filter(depth=1)
        if page.objects.filter(path__startswith=root.path, depth=2).exists()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailadmin", "0005_editingsession_is_editing"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("readers", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(put_away, migrations.RunPython.noop),
        migrations.RunSQL(DROP_WHEN_EMPTY, migrations.RunSQL.noop),
    ]
