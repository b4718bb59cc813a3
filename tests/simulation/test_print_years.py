"""A short run of the years of printed copies. `make print-years` is the long one."""

import pytest

from backnumber.copies import owing
from tests.simulation import print_years

pytestmark = pytest.mark.django_db
SHORT = {"subscribers": 100, "days": 800}


def test_every_copy_owed_is_on_one_label_at_the_address_of_its_cut_off_over_many_months() -> None:
    told = print_years.simulate(**SHORT, seed=3)
    assert told.wrong == []
    for step in ("renew", "move", "pause", "elsewhere", "copies", "stop", "lost: replace", "lost: credit"):
        assert told.steps[step] > 2, f"hardly anything happened: {told.steps}"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("known.ends_on >= %(cut_off)s AS in_dates", "known.ends_on > DATE '1900-01-01' AS in_dates"),
        ("COALESCE(a.to_on, 'infinity') >= %(mailing_on)s", "%(mailing_on)s IS NOT NULL"),
        ("r.done = 'credit'", "r.done = 'nothing'"),
    ],
)
def test_control_a_rule_that_is_broken_is_seen(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    assert right in owing._OWED
    monkeypatch.setattr(owing, "_OWED", owing._OWED.replace(right, wrong))
    assert print_years.simulate(**SHORT, seed=3).wrong
