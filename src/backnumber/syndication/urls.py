"""The addresses of feeds, citations, sitemaps, and of the publisher's word to crawlers."""

from django.urls import path, re_path

from backnumber.syndication import citing, views

_FORM = r"(?P<form>atom|rss|json)"

urlpatterns = [
    path("feeds/", views.feeds, name="feeds"),
    re_path(rf"^feeds/articles\.{_FORM}$", views.feed, name="feed"),
    re_path(rf"^feeds/weekly\.{_FORM}$", views.feed_of_weeks, name="feed_of_weeks"),
    re_path(
        rf"^feeds/(?P<kind>titles|sections|contributors)/(?P<slug>[-\w]+)\.{_FORM}$",
        views.feed,
        name="feed_of",
    ),
    re_path(r"^cite/(?P<article>[0-9]{1,18})\.(?P<form>ris|bib|json)$", citing.cite, name="cite"),
    re_path(
        r"^cite/issues/(?P<issue>[0-9]{1,18})\.(?P<form>ris|bib|json)$", citing.cite_issue, name="cite_issue"
    ),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemaps/<slug:name>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", views.llms, name="llms"),
]
