import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import making
def test_q(ada, gated, db):
    making.products()
    c=Client(); c.force_login(ada)
    for p in ("/", gated.get_absolute_url()):
        c.get(p)
        with CaptureQueriesContext(connection) as m: c.get(p)
        print("\n##",p,len(m))
        for q in m: print("  ",q["sql"].replace('"','')[:60],"...",q["sql"].replace('"','').partition("FROM")[2][:60])
