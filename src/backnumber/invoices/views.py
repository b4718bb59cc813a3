"""The page and the PDF of an invoice or a credit note: for the reader whose it is, and for staff."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backnumber.invoices import queries, wording
from backnumber.invoices.models import CreditNote, Invoice
from backnumber.invoices.pdf import as_pdf
from backnumber.invoices.wording import Wording
from backnumber.readers import second_factor
from backnumber.readers.models import Reader

VIEW = "invoices.view_invoice"


def _own(request: HttpRequest, key: str) -> Invoice | CreditNote | HttpResponse:
    """The document, the way to sign in, or (Http404) the same for another's and for none."""
    reader = request.user
    if not isinstance(reader, Reader):
        return redirect_to_login(request.get_full_path())
    found = queries.issued(key)
    if found is None or not _may_see(request, reader, found):
        raise Http404
    return found


def _may_see(request: HttpRequest, reader: Reader, document: Invoice | CreditNote) -> bool:
    is_own = queries.owner_key_of(document) == queries.owner_of(reader)
    return is_own or (reader.has_perm(VIEW) and not second_factor.is_missing(request))


def _worded(document: Invoice | CreditNote) -> Wording:
    if isinstance(document, Invoice):
        return wording.of_invoice(document.said)
    return wording.of_credit(document.said)


@never_cache
@require_safe
def invoice(request: HttpRequest, key: str) -> HttpResponse:
    document = _own(request, key)
    if isinstance(document, HttpResponse):
        return document
    shown = {
        "said": _worded(document),
        "pdf": reverse("invoice_pdf", args=[document.key]),
        "credit_notes": document.credit_notes.all() if isinstance(document, Invoice) else [],
        "credited": document.invoice if isinstance(document, CreditNote) else None,
    }
    return render(request, "invoices/document.html", shown)


@never_cache
@require_safe
def pdf(request: HttpRequest, key: str) -> HttpResponse:
    document = _own(request, key)
    if isinstance(document, HttpResponse):
        return document
    response = HttpResponse(as_pdf(_worded(document), document.issued_at), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    return response
