"""Feeds, sitemaps, robots.txt and llms.txt over HTTP."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from backnumber.syndication import kept_feeds, queries, subjects
from backnumber.syndication.crawlers import stances
from backnumber.syndication.feeds import MEDIA_TYPES, NEVER
from backnumber.syndication.llms import llms_txt
from backnumber.syndication.robots import robots_txt
from backnumber.syndication.sitemaps import Location, part_named, to_index, to_urlset

FEED_KEPT = timedelta(minutes=1)  # as long as a page: what is free this week is so everywhere at once
SITEMAP_KEPT = timedelta(hours=1)
POLICY_KEPT = timedelta(hours=1)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    return render(request, "syndication/feeds.html", {"subjects": subjects.subjects()})


@require_safe
def feed(request: HttpRequest, form: str, kind: str = "", slug: str = "") -> HttpResponse:
    return _feed(request, form, kind, slug)


@require_safe
def feed_of_weeks(request: HttpRequest, form: str) -> HttpResponse:
    return _feed(request, form, "weekly", "")


def _feed(request: HttpRequest, form: str, kind: str, slug: str) -> HttpResponse:
    now = timezone.now()
    found = kept_feeds.feed_of(kind, slug, form, request.GET.get("page"), now)
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")
    kept = min(FEED_KEPT, found.free_until - now) if found.free_until else FEED_KEPT
    return _if_changed(request, response, found.updated, kept)


def _if_changed(
    request: HttpRequest, response: HttpResponse, changed_at: datetime, kept: timedelta
) -> HttpResponse:
    """304 for who has it already (RFC 9110, 13). The tag is of the bytes: a withdrawal changes it too."""
    response.headers["Cache-Control"] = f"public, max-age={int(kept.total_seconds())}"
    response.headers["ETag"] = etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    since = int(changed_at.timestamp()) if changed_at > NEVER else None
    if since is not None:
        response.headers["Last-Modified"] = http_date(since)
    return get_conditional_response(request, etag, since, response) or response


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    locations = [
        Location(settings.ADDRESS + reverse("sitemap", args=[part.name]), at)
        for part, at in queries.sitemap_parts()
    ]
    return _sitemap(to_index(locations))


@require_safe
def sitemap(request: HttpRequest, name: str) -> HttpResponse:
    part = part_named(name)
    locations = queries.sitemap_locations(part) if part else []
    if not locations:
        raise Http404
    return _sitemap(to_urlset(locations))


def _sitemap(xml: str) -> HttpResponse:
    kept = f"public, max-age={int(SITEMAP_KEPT.total_seconds())}"
    return HttpResponse(xml, content_type="application/xml; charset=utf-8", headers={"Cache-Control": kept})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    text = robots_txt(stances(), settings.ADDRESS + reverse("sitemap_index"))
    return _policy(text, "text/plain")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    return _policy(llms_txt(subjects.titles(), stances()), "text/markdown")


def _policy(text: str, media_type: str) -> HttpResponse:
    kept = f"public, max-age={int(POLICY_KEPT.total_seconds())}"
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", headers={"Cache-Control": kept})
