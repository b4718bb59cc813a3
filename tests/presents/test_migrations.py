"""The migrations that brought gifts, from those before them, with data."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backnumber.checkout.models import Order
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.making import NOON

BEFORE = {"0004_gifts": ("checkout", "0003_vouchers"), "0004_given": ("products", "0003_vouchers")}


@pytest.mark.django_db(transaction=True)
def test_0004_gifts_and_0004_given_keep_the_orders_and_products_there_are(dan: Reader) -> None:
    paid, waiting = steps.paid_order(dan, now=NOON), steps.order(dan, "online-monthly", now=NOON)
    making.products()
    executor = MigrationExecutor(connection)
    try:
        before = executor.migrate(list(BEFORE.values())).apps
        assert before.get_model("checkout", "Order").objects.count() == 2
        assert not hasattr(before.get_model("products", "Product"), "given")
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert set(Order.objects.values_list("pk", "kind", "state")) == {
        (paid.pk, "own", "paid"),
        (waiting.pk, "own", "open"),
    }
    assert set(Product.objects.values_list("given", flat=True)) == {"no"}
