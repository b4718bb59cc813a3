"""The circulation desk in the admin: claims that wait, the bureau's file, addresses readers changed."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from io import BytesIO
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backnumber.circulation import claims
from backnumber.circulation.exporting import changed_addresses
from backnumber.circulation.forms import AcceptForm, BureauFileForm, RefuseForm
from backnumber.circulation.importing import (
    BureauReport,
    UnreadableFile,
    apply_bureau_file,
    discard_bureau_file,
    import_bureau_file,
)
from backnumber.circulation.models import BureauFile, Claim
from backnumber.circulation.queries import closest, open_cases
from backnumber.readers.models import Reader

View = Callable[..., HttpResponse]
CLAIMS = "circulation.change_claim"
FILES = "circulation.add_bureaufile"
KEPT_UNCONFIRMED = timedelta(days=7)


def needs(permission: str) -> Callable[[View], View]:
    """Promise: who lacks `permission` gets 403 and nothing else, in the admin too."""

    def decorated(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not (isinstance(request.user, Reader) and request.user.has_perm(permission)):
                return HttpResponseForbidden(
                    "Your role does not include this. Ask an administrator.", content_type="text/plain"
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorated


@needs(CLAIMS)
@require_safe
def claims_list(request: HttpRequest) -> HttpResponse:
    closed = Claim.objects.exclude(state=Claim.State.PENDING).select_related(
        "reader", "subscription", "closed_by"
    )[:30]
    return render(
        request,
        "circulation/admin/claims.html",
        {"cases": list(open_cases()[:200]), "closed": list(closed), "page_title": "Claims"},
    )


@needs(CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What was typed beside the likest print subscriptions; accept or refuse."""
    case = get_object_or_404(
        Claim.objects.select_related("reader", "subscription", "closed_by"), reference=reference
    )
    accepting = request.method == "POST" and "accept" in request.POST
    refusing = request.method == "POST" and "refuse" in request.POST
    accept = AcceptForm(request.POST if accepting else None, prefix="accept")
    refuse = RefuseForm(request.POST if refusing else None, prefix="refuse")
    if accepting and accept.is_valid() and _accepted(request, case, accept):
        return redirect("circulation_claims")
    if refusing and refuse.is_valid() and _refused(request, case, refuse):
        return redirect("circulation_claims")
    known = {
        "case": case,
        "likest": closest(case),
        "accept": accept,
        "refuse": refuse,
        "page_title": f"Case {case.reference}",
    }
    return render(request, "circulation/admin/case.html", known)


def _accepted(request: HttpRequest, case: Claim, form: AcceptForm) -> bool:
    data = form.cleaned_data
    try:
        assert isinstance(request.user, Reader)
        claims.accept(
            case,
            data["number"],
            by=request.user,
            take_over=data["take_over"],
            answer=data["answer"],
            now=timezone.now(),
        )
    except claims.NotResolved as why:
        form.add_error(None, str(why))
        return False
    messages.success(
        request, f"{case.reference} is accepted: {case.reader.email} may read, and has a mail that says so."
    )
    return True


def _refused(request: HttpRequest, case: Claim, form: RefuseForm) -> bool:
    try:
        assert isinstance(request.user, Reader)
        claims.refuse(case, by=request.user, answer=form.cleaned_data["answer"], now=timezone.now())
    except claims.NotResolved as why:
        form.add_error(None, str(why))
        return False
    messages.success(request, f"{case.reference} is refused; {case.reader.email} has your answer.")
    return True


@needs(FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def bureau(request: HttpRequest) -> HttpResponse:
    """Upload a file; nothing is written until its dry run is confirmed."""
    form = BureauFileForm(request.POST or None, request.FILES or None)
    BureauFile.objects.filter(applied_at=None, uploaded_at__lt=timezone.now() - KEPT_UNCONFIRMED).delete()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            import_bureau_file(BytesIO(content), timezone.now(), dry_run=True)
        except UnreadableFile as why:
            form.add_error("file", str(why))
        else:
            kept = BureauFile.objects.create(
                name=file.name[:200],
                content=content,
                uploaded_at=timezone.now(),
                uploaded_by_id=request.user.pk,
            )
            return redirect("circulation_bureau_file", key=kept.pk)
    past = BureauFile.objects.defer("content").select_related("uploaded_by")[:20]
    return render(
        request,
        "circulation/admin/bureau.html",
        {"form": form, "past": list(past), "page_title": "Bureau file"},
    )


@needs(FILES)
@require_safe
def bureau_file(request: HttpRequest, key: int) -> HttpResponse:
    """The dry run of a file that waits, or the report of one taken in."""
    kept = get_object_or_404(BureauFile.objects.select_related("uploaded_by"), pk=key)
    report: BureauReport | None = None
    if kept.content is not None:
        report = import_bureau_file(BytesIO(bytes(kept.content)), timezone.now(), dry_run=True)
    return render(
        request,
        "circulation/admin/bureau_file.html",
        {"file": kept, "report": report, "page_title": f"Bureau file {kept.name}"},
    )


@needs(FILES)
@require_POST
def bureau_confirm(request: HttpRequest, key: int) -> HttpResponse:
    """Takes the file in, or throws it away; either way its content goes."""
    if "discard" in request.POST:
        gone = discard_bureau_file(key, by=cast(Reader, request.user))
        messages.success(request, "The file is discarded." if gone else "The file was taken in already.")
        return redirect("circulation_bureau")
    report = apply_bureau_file(key, timezone.now(), by=cast(Reader, request.user))
    if report is None:
        messages.warning(request, "The file was taken in already, or discarded.")
        return redirect("circulation_bureau")
    messages.success(request, f"Taken in: {report.as_text().splitlines()[0]}.")
    return redirect("circulation_bureau_file", key=key)


@needs("circulation.view_printsubscription")
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Addresses readers changed on the site and the bureau has not repeated yet, as CSV."""
    response = HttpResponse(changed_addresses(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="changed-addresses.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
