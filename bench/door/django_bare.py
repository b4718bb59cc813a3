"""What the pages that Django answers are compared with: the site's addresses, and one view more that only shows a template to its session."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from backnumber.website.urls import urlpatterns as of_the_site

BARE = engines["django"].from_string(
    '{% extends "base.html" %}{% block title %}Bare{% endblock %}'
    "{% block main %}<p>{{ reader.email }} has been here {{ times }} times.</p>{% endblock %}"
)


def bare(request: HttpRequest) -> HttpResponse:
    """A view such as Django's tutorial has: it reads the session and renders a template within the site's own."""
    return HttpResponse(BARE.render({"times": request.session.get("times", 0)}, request))


urlpatterns = [path("bare/", bare), *of_the_site]
