"""The pages of groups: the owner's, and those to which invitations lead. A look at any of them changes nothing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.characters import seen
from backnumber.checkout import changing, grouping
from backnumber.checkout.changing import NotNow
from backnumber.checkout.views import reader_of, to_account
from backnumber.groups import service as groups
from backnumber.groups.models import Group
from backnumber.groups.queries import group_by_heir, group_of, occupancy, seat_by
from backnumber.groups.rules import LONGEST_LIST, BadLine, addresses_in
from backnumber.groups.service import NoSeat
from backnumber.money import Amount
from backnumber.readers.models import Reader
from backnumber.renewals.rules import price_at


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, key: str) -> HttpResponse:
    """The owner's page; POST with `do`: invite (`emails`), take-back (`seat`), take, seats, name, pass (`heir`)."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_login", "Sign in to look after your group.")
    found = group_of(reader, key)
    if found is None:
        raise Http404
    return _changed(request, reader, found) if request.method == "POST" else _page(request, reader, found)


def _page(request: HttpRequest, owner: Reader, found: Group, status: int = 200, **more: Any) -> HttpResponse:
    stands = occupancy(found, timezone.now())
    behind = grouping.subscription_behind(found)
    shown: dict[str, Any] = {
        "group": found,
        "stands": stands,
        "has_own": any(seat.reader_id == owner.pk for seat in stands.seats),
        "subscription": behind,
        **more,
    }
    if behind is not None:
        minor = price_at(behind.minor, behind.next_minor, behind.next_from, behind.paid_until)
        shown["next_amount"] = Amount(minor, behind.currency)
        shown["next_seats"] = behind.seats if behind.next_seats is None else behind.next_seats
        shown["may_change_seats"] = (
            found.product.per_seat
            and behind.state in {"active", "ending", "paused"}
            and not behind.next_product
        )
    return render(request, "groups/group.html", shown, status=status)


def _changed(request: HttpRequest, owner: Reader, found: Group) -> HttpResponse:
    """What the button asked for. Of what a button cannot send, nothing is done."""
    now = timezone.now()
    try:
        match request.POST.get("do", ""):
            case "invite":
                return _invited(request, owner, found)
            case "take-back":
                seat = request.POST.get("seat", "")
                is_key = seat.isascii() and seat.isdecimal() and len(seat) < 18
                if is_key and groups.take_back(found, int(seat), now):
                    messages.success(request, "It is taken back, and free for somebody else.")
            case "take":
                groups.take_yourself(found, owner, now)
                messages.success(request, "You have a seat.")
            case "seats":
                _set_seats(request, found)
            case "name":
                groups.name(found, " ".join(seen(request.POST.get("name", "")).split())[:120])
                messages.success(request, "The name is kept.")
            case "pass":
                return _asked_to_follow(request, owner, found)
            case _:
                return _page(request, owner, found, status=400)
    except (NoSeat, NotNow) as why:
        messages.error(request, str(why))
    return redirect(found)


def _invited(request: HttpRequest, owner: Reader, found: Group) -> HttpResponse:
    """What was not invited is listed with why, and stays in the box."""
    pasted = request.POST.get("emails", "")
    if len(pasted) > LONGEST_LIST:
        too_long = BadLine("The list", "is too long. Send it in parts.")
        return _page(request, owner, found, 422, bad=(too_long,), typed=pasted)
    listed = addresses_in(seen(pasted))
    done = groups.invite(found, listed.emails, timezone.now())
    if done.invited:
        messages.success(request, f"{done.invited} {'was' if done.invited == 1 else 'were'} invited.")
    bad = (*listed.bad, *done.bad)
    if bad:
        return _page(request, owner, found, 422, bad=bad, typed="\n".join(one.line for one in bad))
    if not done.invited:
        messages.info(request, "Type the addresses of those to invite, one a line.")
    return redirect(found)


def _set_seats(request: HttpRequest, found: Group) -> None:
    """Errors: NotNow."""
    behind, typed = grouping.subscription_behind(found), request.POST.get("seats", "").strip()
    if behind is None or behind.has_ended:
        raise NotNow("Nothing renews here. Buy another term, with as many seats as you need.")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < 6
    changing.set_seats(behind.key, int(typed) if is_number else 0, timezone.now())
    messages.success(request, "The number is changed, from the next renewal on.")


def _asked_to_follow(request: HttpRequest, owner: Reader, found: Group) -> HttpResponse:
    typed = request.POST.get("heir", "").strip()
    try:
        validate_email(typed)
    except ValidationError:
        problem = "Type one e-mail address, such as ann@example.org."
        return _page(request, owner, found, 422, heir_problem=problem, heir_typed=typed[:254])
    groups.ask_heir(found, typed)
    messages.success(request, f"{typed} has a mail. The group is yours until they accept.")
    return redirect(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation leads: what the seat is, and a button that takes it."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_signup", "Make an account, or sign in, to take your seat.")
    now = timezone.now()
    if request.method == "POST":
        try:
            taken = groups.take(token, reader, now)
        except NoSeat as why:
            return _not_to_be_had(request, str(why))
        messages.success(request, f"You have a seat in {taken.group}. You may read now.")
        return redirect("account")
    seat = seat_by(token)
    if seat is None:
        return _not_to_be_had(
            request, "This invitation was taken back, or there is none like it. Ask who invited you."
        )
    if seat.reader_id == reader.pk:
        messages.info(request, "You have this seat.")
        return redirect("account")
    shown = {
        "group": seat.group,
        "reader": reader,
        "until": occupancy(seat.group, now).until,
        "heading": "A seat for you",
    }
    return _private(render(request, "groups/join.html", shown))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail to who is to own a group leads."""
    reader = reader_of(request)
    if reader is None:
        return to_account(request, "account_signup", "Make an account, or sign in, to look after the group.")
    if request.method == "POST":
        try:
            passed = grouping.pass_on(token, reader, timezone.now())
        except NoSeat as why:
            return _not_to_be_had(request, str(why))
        messages.success(request, "You look after it now.")
        return redirect(passed)
    found = group_by_heir(token)
    if found is None:
        return _not_to_be_had(request, "This invitation was taken back, or was used. Ask who sent it.")
    shown = {"group": found, "reader": reader, "owning": True, "heading": "Look after a group"}
    return _private(render(request, "groups/join.html", shown))


def _not_to_be_had(request: HttpRequest, why: str) -> HttpResponse:
    shown = {"problem": why, "heading": "This invitation cannot be used"}
    return _private(render(request, "groups/join.html", shown, status=409))


def _private(answer: HttpResponse) -> HttpResponse:
    """The address is a key: it is told to no other site. To our own it is, for a form whose page names no origin is not known for ours."""
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
