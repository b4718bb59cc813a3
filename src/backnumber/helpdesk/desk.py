"""The help desk in the admin: why somebody may or may not read something, and rights by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backnumber.grants.models import Grant
from backnumber.helpdesk import service
from backnumber.helpdesk.forms import GiveForm, WhyForm, WithdrawForm
from backnumber.helpdesk.queries import Explained, explain
from backnumber.readers.models import Reader

EXPLAIN = "helpdesk.explain_access"
GIVE = "helpdesk.give_access"
FORBIDDEN = "Your role does not include this. Ask an administrator."


def _may(request: HttpRequest, permission: str) -> bool:
    return isinstance(request.user, Reader) and request.user.has_perm(permission)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that readers' addresses stand in no log."""
    if not _may(request, EXPLAIN):
        return HttpResponseForbidden(FORBIDDEN, content_type="text/plain")
    form = WhyForm(request.POST or None)
    explained = _explained(form)
    give = GiveForm()
    withdraw = WithdrawForm()
    if explained and {"give", "withdraw"} & request.POST.keys():
        if not _may(request, GIVE):
            return HttpResponseForbidden(FORBIDDEN, content_type="text/plain")
        if "give" in request.POST:
            give = GiveForm(request.POST)
            done = _given(request, give, explained)
        else:
            withdraw = WithdrawForm(request.POST)
            done = _withdrawn(request, withdraw, explained)
        if done:
            return redirect("helpdesk_why")
    known = {
        "form": form,
        "explained": explained,
        "give": give,
        "withdraw": withdraw,
        "may_give": _may(request, GIVE),
        "page_title": "Why can’t they read it?",
    }
    return render(request, "helpdesk/admin/why.html", known)


def _explained(form: WhyForm) -> Explained | None:
    if not form.is_bound or not form.is_valid() or form.asks_article is None:
        return None
    return explain(form.asks_reader, form.asks_article, form.asks_at or timezone.now())


def _given(request: HttpRequest, form: GiveForm, explained: Explained) -> bool:
    if explained.reader is None or not form.is_valid():
        return False
    try:
        assert isinstance(request.user, Reader)
        service.give(explained.reader, form.wanted(explained.article), by=request.user, now=timezone.now())
    except service.NotDone as why_not:
        form.add_error(None, str(why_not))
        return False
    messages.success(request, f"{explained.reader.email} has the right from now on.")
    return True


def _withdrawn(request: HttpRequest, form: WithdrawForm, explained: Explained) -> bool:
    if explained.reader is None or not form.is_valid():
        return False
    grant = get_object_or_404(Grant, pk=form.cleaned_data["grant"], reader=explained.reader)
    try:
        assert isinstance(request.user, Reader)
        service.withdraw(grant, because=form.cleaned_data["because"], by=request.user, now=timezone.now())
    except service.NotDone as why_not:
        form.add_error(None, str(why_not))
        return False
    messages.success(request, f"“{grant.label}” of {explained.reader.email} is withdrawn.")
    return True
