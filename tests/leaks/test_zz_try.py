import time
from pathlib import Path
import pytest
from django.core.management import call_command
from tests.serving import serving
from backnumber.proof.proving import prove
from backnumber.proof import table
from backnumber.proof.rows import ALL
from backnumber.editorial.roles import make_roles
from wagtail.models import Collection
@pytest.mark.django_db(transaction=True)
def test_try(tmp_path, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    (Collection.objects.exists() or Collection.add_root(name="Root")); make_roles()
    t=time.monotonic()
    with serving(tmp_path) as running:
        print("start", time.monotonic()-t, running.pids)
        results = prove(running.address, running.address, [r for r in ALL if r.number in (1,18,33,4,16,29)], tell=lambda r: print(time.monotonic()-t, r.number, flush=True))
        print(table.as_table(results))
        for r in results: print(r.row.number, round(r.seconds,1), r.findings.statuses.total())
        print(running.log[-3000:])
