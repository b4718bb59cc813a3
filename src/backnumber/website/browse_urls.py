"""The addresses of the pages by which an archive is browsed. An article's own address is in `urls.py`."""

from django.urls import path, re_path

from backnumber.website import browse, searching

urlpatterns = [
    path("archive/", browse.wall, name="archive"),
    path("archive/decades/<int:decade>s/", browse.decade, name="decade"),
    path("archive/<slug:title>/", browse.title, name="title"),
    path("archive/<slug:title>/<int:year>/", browse.year, name="year"),
    path("archive/<slug:title>/<int:year>/<slug:issue>/", browse.issue, name="issue"),
    path("covers/<slug:title>/<int:year>/<slug:issue>.svg", browse.ornament, name="cover_ornament"),
    path("sections/", browse.sections, name="sections"),
    path("sections/<slug:slug>/", browse.section, name="section"),
    path("contributors/", browse.contributors, name="contributors"),
    path("contributors/<slug:slug>/", browse.contributor, name="contributor"),
    path("search/", searching.search, name="search"),
    re_path(r"^search/cite\.(?P<form>ris|bib|json)$", searching.cite, name="search_cite"),
]
