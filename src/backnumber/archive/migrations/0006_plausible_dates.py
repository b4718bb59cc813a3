"""Dates are bounded from now on; rows that lie outside already are left for an editor to mend."""

import datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


def _plausible(field: str, name: str) -> models.CheckConstraint:
    bounds = (datetime.date(1400, 1, 1), datetime.date(2199, 12, 31))
    return models.CheckConstraint(
        condition=models.Q((f"{field}__range", bounds), (f"{field}__isnull", True), _connector="OR"),
        name=name,
        violation_error_message="Choose a day from 1400 to 2199.",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0005_old_addresses"),
    ]

    operations = [
        AddConstraintNotValid("issue", _plausible("sort_date", "issue_of_a_plausible_date")),
        AddConstraintNotValid("issue", _plausible("online_date", "issue_online_on_a_plausible_date")),
        AddConstraintNotValid("article", _plausible("online_date", "article_online_on_a_plausible_date")),
    ]
