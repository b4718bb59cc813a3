from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backnumber.information import queries


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was never there and what is a draft get one answer; what has moved is sent on by `website.moved`."""
    found = queries.page_at(slug)
    if found is None:
        raise Http404
    return render(request, "information/page.html", {"page": found})
