"""Orders in the admin: staff look, and change nothing."""

from django.test import Client

from backnumber.checkout.models import Order
from backnumber.readers.models import Reader
from tests.checkout import steps


def test_staff_look_at_orders_and_change_none(client: Client, staff: Reader, dan: Reader) -> None:
    placed = steps.paid_order(dan, "print-and-archive")
    steps.hear(placed)
    client.force_login(staff)
    listing = client.get("/admin/orders/").content.decode()
    assert placed.number in listing
    assert dan.email in listing
    shown = client.get(f"/admin/orders/inspect/{placed.pk}/").content.decode()
    for said in ("payment.paid", "£69", "1 Crane Street", "Paid"):
        assert said in shown
    for way in ("edit", "delete"):
        assert client.get(f"/admin/orders/{way}/{placed.pk}/").status_code == 404
        client.post(f"/admin/orders/{way}/{placed.pk}/", {"minor": "1"})
    assert client.get("/admin/orders/new/").status_code == 404
    assert Order.objects.get(pk=placed.pk).minor == 6900


def test_orders_that_need_a_look_are_found(client: Client, staff: Reader, dan: Reader, ben: Reader) -> None:
    good, bad = steps.paid_order(dan), steps.order(ben)
    payment = steps.payment_of(bad)
    payment.problem = "Paid twice"
    payment.save()
    client.force_login(staff)
    found = client.get("/admin/orders/?needs_a_look=true").content.decode()
    assert str(bad) in found
    assert str(good) not in found
    assert str(good) in client.get("/admin/orders/").content.decode()


def test_orders_cannot_be_deleted_in_bulk_either(client: Client, staff: Reader, dan: Reader) -> None:
    placed = steps.paid_order(dan)
    client.force_login(staff)
    answer = client.post(f"/admin/bulk/checkout/order/delete/?id={placed.pk}")
    assert answer.status_code == 404
    assert client.get(f"/admin/bulk/products/product/delete/?id={placed.product_id}").status_code == 200
    assert Order.objects.filter(pk=placed.pk).exists()


def test_who_has_no_permission_sees_no_orders(client: Client, dan: Reader) -> None:
    client.force_login(dan)
    assert client.get("/admin/orders/").status_code in {302, 403}


def test_an_order_is_found_by_its_number_its_payer_and_where_it_goes(
    client: Client, staff: Reader, dan: Reader, ben: Reader
) -> None:
    placed, other = steps.paid_order(dan, "print-and-archive"), steps.paid_order(ben)
    client.force_login(staff)
    for typed in (
        placed.number,
        f"Order {placed.number}",
        f"no. {placed.pk}",
        dan.email,
        dan.first_name,
        "1 Crane Street",
        "se109np",
    ):
        found = client.get("/admin/orders/results/", {"q": typed}).content.decode()
        assert f"Order {placed.number}" in found, typed
        assert f"Order {other.number}" not in found, typed
    nothing = client.get("/admin/orders/results/", {"q": "2 Crane Street"}).content.decode()
    assert f"Order {placed.number}" not in nothing
