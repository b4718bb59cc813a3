"""The page of who sells, in the admin's settings."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backnumber.invoices import service
from backnumber.invoices.forms import SellerForm
from backnumber.invoices.models import Seller
from backnumber.readers.models import Reader

CHANGE = "invoices.change_seller"


@permission_required(CHANGE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def seller(request: HttpRequest) -> HttpResponse:
    """What is written holds for what is issued from then on."""
    kept = Seller.objects.filter(pk=1).first() or Seller()
    form = SellerForm(request.POST or None, instance=kept)
    if request.method != "POST" or not form.is_valid():
        return render(request, "invoices/admin/seller.html", {"form": form, "page_title": "Seller"})
    assert isinstance(request.user, Reader)
    service.keep_seller(form.save(commit=False), by=request.user)
    messages.success(request, "Saved. Invoices say so from now on; those that were issued stay as they are.")
    return redirect("invoices_seller")
