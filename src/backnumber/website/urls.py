"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("backnumber.longread.urls")),
    path("account/", include("backnumber.readers.urls")),
    path("account/", include("backnumber.website.account_urls")),
]
