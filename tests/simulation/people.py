"""Readers who do as they please: each acts on days of their own, by a generator of their own, whatever the others do."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from backnumber.checkout import changing, service
from backnumber.checkout.models import Order
from backnumber.checkout.service import Wish
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillCardPage, TillMandate, TillPayment
from backnumber.products.models import Region
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.website.account_data import delete_account
from tests.simulation import magazine

Button, Later, Dispute = till.Button, TillMandate.Later, TillPayment.Dispute
BUTTONS = {
    Button.APPROVE: 75,
    Button.SLOW_BANK: 8,
    Button.DECLINE: 5,
    Button.CANCEL: 4,
    Button.VANISH: 8,
}
LATERS = {
    Later.GOES_THROUGH: 86,
    Later.DECLINED: 5,
    Later.WANTS_CONFIRMATION: 4,
    Later.SETTLES_LATER: 5,
}


@dataclass(frozen=True)
class Act:
    """What was done, where the books of the till do not say it: `what` happened to the subscription or order with this key."""

    at: datetime
    what: str
    key: str = ""
    months: int = 0


def chosen(random: Random, weights: dict[object, int]) -> object:
    return random.choices(list(weights), list(weights.values()))[0]


@dataclass
class Person:
    """`comes_every`: the mean number of days between two acts. `acts` is what the model is told; `came_back` are payments whose reader
    returned from the till to the receipt at once.
    """

    number: int
    seed: int
    comes_every: float
    prints: bool = False
    reader: Reader | None = None
    acts: list[Act] = field(default_factory=list)
    came_back: set[str] = field(default_factory=set)
    deleted: bool = False

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed} {self.number}")
        self.prints = self.random.random() < 0.2

    def next_day(self, today: date) -> date:
        return today + timedelta(days=1 + int(self.random.expovariate(1 / self.comes_every)))

    def act(self, now: datetime) -> str:
        """Promise: one thing done, and what it was."""
        if self.deleted:
            return "nothing"
        if self.reader is None:
            email = f"reader{self.number}@example.org"
            self.reader = Reader.objects.create_user(email, None, first_name=f"Reader {self.number}")
        held = self._living()
        if self._money_is_under_way(now):
            return "nothing"
        if held is None:
            weights = {"buy": 60, "nothing": 25, "part_back": 3, "all_back": 2, "dispute": 3, "decide": 4, "delete": 2}  # fmt: skip
            what = str(chosen(self.random, weights))
            return self._do(what, now, None)
        weights = {
            "cancel": 6, "resume": 12, "pause": 5, "switch": 8, "card_will": 25, "another_card": 6, "part_back": 5, "all_back": 3,
            "ends_right": 2, "bank_gives_back": 2, "dispute": 2, "decide": 4, "buy_more": 3, "delete": 1, "nothing": 10,
        }  # fmt: skip
        if held.state == "unpaid":
            weights |= {"pay": 50, "another_card": 30, "card_will": 30}
        return self._do(str(chosen(self.random, weights)), now, held)

    def _do(self, what: str, now: datetime, held: Subscription | None) -> str:
        do: Callable[[datetime, Subscription | None], object] = getattr(self, what)
        with suppress(changing.NotNow, ValueError):
            do(now, held)
        return what

    def _living(self) -> Subscription | None:
        rows = Subscription.objects.filter(reader=self.reader).exclude(state="ended")
        return rows.order_by("began_at", "product__code").select_related("product").first()

    def _money_is_under_way(self, now: datetime) -> bool:
        """The order of what is paid for is the order of the purchases: nobody buys a second thing while the first is not settled."""
        keys = Order.objects.filter(reader=self.reader).values("key")
        return TillPayment.objects.filter(
            order_key__in=keys, state="approved", settles_at__gt=now - timedelta(days=1), begun_at__lt=now
        ).exclude(success_url="").exists()  # fmt: skip

    def _paid(self) -> list[Order]:
        rows = Order.objects.filter(reader=self.reader, begins__isnull=False)
        return list(rows.order_by("-paid_at", "product__code", "-term"))

    def _at_the_till(self, page: str, order_key: str, now: datetime) -> None:
        button = chosen(self.random, BUTTONS)
        later = chosen(self.random, LATERS)
        till.press(page, button, now, later)  # type: ignore[arg-type]
        if self.random.random() < 0.6 and button is not Button.VANISH:
            service.settle(order_key, now)
            self.came_back.add(page)

    def _page(self, order_key: str) -> str:
        open_pages = TillPayment.objects.filter(order_key=order_key).exclude(success_url="")
        return open_pages.latest("begun_at", "pk").key

    def nothing(self, now: datetime, held: Subscription | None) -> None:
        pass

    def buy(self, now: datetime, held: Subscription | None) -> None:
        codes = magazine.PRINTED if self.prints else magazine.ONLINE
        self._buy(str(chosen(self.random, codes)), now)

    def buy_more(self, now: datetime, held: Subscription | None) -> None:
        if not self.prints:
            self._buy(self.random.choice(magazine.FIXED), now)

    def _buy(self, code: str, now: datetime) -> None:
        assert self.reader is not None
        sold = magazine.product(code)
        address = magazine.ADDRESS if sold.is_print else None
        token = f"form {self.number} {now:%Y%m%d}"
        wish = Wish(sold, sold.prices.get(), Region.ANYWHERE, address)
        order = service.place(self.reader, wish, token, now)
        service.pay(order.key, now)
        if self.random.random() < 0.95:
            self._at_the_till(self._page(order.key), order.key, now)

    def cancel(self, now: datetime, held: Subscription) -> None:
        changing.cancel(held.key, now)
        self.acts.append(Act(now, "cancel", held.first_order))

    def resume(self, now: datetime, held: Subscription) -> None:
        if held.state in {"ending", "paused"} and held.failures == 0:
            changing.resume(held.key, now)
            self.acts.append(Act(now, "resume", held.first_order))

    def pause(self, now: datetime, held: Subscription) -> None:
        months = self.random.randint(1, 6)
        changing.pause(held.key, months, now)
        self.acts.append(Act(now, "pause", held.first_order, months))

    def switch(self, now: datetime, held: Subscription) -> None:
        codes = ("print", "quarterly print") if self.prints else ("monthly", "yearly")
        changing.switch(held.key, magazine.product(self.random.choice(codes)), now)

    def card_will(self, now: datetime, held: Subscription) -> None:
        later = chosen(self.random, {**LATERS, Later.GOES_THROUGH: 30})
        TillMandate.objects.filter(key=held.mandate_key).update(later=later)

    def another_card(self, now: datetime, held: Subscription) -> None:
        assert self.reader is not None
        changing.begin_card(held.key, self.reader, now)
        page = TillCardPage.objects.latest("pk")
        till.give_card(page.key, chosen(self.random, LATERS))  # type: ignore[arg-type]
        changing.take_card(held.key, now)

    def pay(self, now: datetime, held: Subscription) -> None:
        changing.pay(held.key, now)
        order = Order.objects.get(subscription=held, term=held.term + 1)
        self._at_the_till(self._page(order.key), order.key, now)

    def _give_back(self, order: Order, minor: int, *, ends_right: bool, now: datetime) -> None:
        service.refund(order.key, minor, ends_right=ends_right, because="asked", by="staff", now=now)
        self.acts.append(Act(now, "ended by staff" if ends_right else "given back", order.key))

    def part_back(self, now: datetime, held: Subscription | None) -> None:
        for order in self._paid()[:1]:
            self._give_back(order, order.minor // 3, ends_right=False, now=now)

    def all_back(self, now: datetime, held: Subscription | None) -> None:
        paid = self._paid()
        for order in paid[self.random.choice((0, 0, 1)) :][:1]:
            self._give_back(order, order.minor, ends_right=False, now=now)

    def ends_right(self, now: datetime, held: Subscription) -> None:
        paid = self._paid()
        for order in paid[self.random.choice((0, 0, 1)) :][:1]:
            self._give_back(order, order.minor // 4, ends_right=True, now=now)

    def bank_gives_back(self, now: datetime, held: Subscription) -> None:
        """In the provider's own pages: we hear of it."""
        for page in self._pages()[:1]:
            till.refund(page.key, now)

    def dispute(self, now: datetime, held: Subscription | None) -> None:
        pages = self._pages()
        for page in pages[self.random.choice((0, 0, 1)) :][:1]:
            till.dispute(page.key, Dispute.OPENED, now)

    def decide(self, now: datetime, held: Subscription | None) -> None:
        step = self.random.choice((Dispute.WON, Dispute.LOST))
        for page in [page for page in self._pages() if page.dispute == "opened"][:1]:
            till.dispute(page.key, step, now)

    def _pages(self) -> list[TillPayment]:
        keys = Order.objects.filter(reader=self.reader).values("key")
        rows = TillPayment.objects.filter(order_key__in=keys, state="approved").order_by(
            "-settles_at", "-minor"
        )
        return list(rows)

    def delete(self, now: datetime, held: Subscription | None) -> None:
        assert self.reader is not None
        self.acts.append(Act(now, "delete"))
        changing.end_all_of(self.reader, now)
        delete_account(self.reader)
        self.deleted = True
