"""Who is in the archive already is filed by surname at an upgrade; what an editor has typed stays."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from backnumber.archive.models import Contributor

pytestmark = pytest.mark.django_db
UPGRADE = import_module("backnumber.archive.migrations.0008_contributors_by_surname")


def contributor(name: str, filed: str) -> Contributor:
    slug = f"c{Contributor.objects.count()}"
    made = Contributor.objects.create(name=name, sort_name=filed, slug=slug)
    Contributor.objects.filter(pk=made.pk).update(sort_name=filed)
    return made


def filed(*those: Contributor) -> list[str]:
    UPGRADE.file_anew(apps, None)
    return [Contributor.objects.get(pk=one.pk).sort_name for one in those]


def test_what_imports_filed_by_the_last_word_is_filed_by_the_surname() -> None:
    them = (
        contributor("Daphne du Maurier", "Maurier, Daphne du"),
        contributor("Martin Luther King Jr", "Martin Luther King Jr"),
        contributor("A Constant Reader", "Reader, A Constant"),
        contributor("Jane Wu", ""),
        contributor("Eleanor Marsh", "Marsh, Eleanor"),
    )
    expected = [
        "du Maurier, Daphne",
        "King, Martin Luther, Jr",
        "A Constant Reader",
        "Wu, Jane",
        "Marsh, Eleanor",
    ]
    assert filed(*them) == expected
    assert filed(*them) == expected


def test_what_was_typed_stays_however_often_it_runs() -> None:
    them = (
        contributor("David Lloyd George", "Lloyd George, David"),
        contributor("Clericus Rusticus", "Clericus Rusticus"),
        contributor("Daphne du Maurier", "Maurier (du), Daphne"),
    )
    typed = [one.sort_name for one in them]
    assert filed(*them) == typed
    assert filed(*them) == typed


def test_whom_an_editor_made_is_filed_as_the_editor_filed_them() -> None:
    one = contributor("Daphne du Maurier", "Maurier, Daphne du")
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Contributor),
        object_id=str(one.pk),
        action="wagtail.create",
        label=one.name,
        timestamp=timezone.now(),
    )
    assert filed(one) == ["Maurier, Daphne du"]
