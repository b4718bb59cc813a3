"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from backnumber.website import home, known_places, machines, pictures, reading

handler400 = "django.views.defaults.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "backnumber.website.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("backnumber.website.browse_urls")),
    path("favicon.ico", known_places.icon, {"name": "favicon.ico"}, name="favicon"),
    path("apple-touch-icon.png", known_places.icon, {"name": "touch-icon.png"}, name="touch_icon"),
    path("site.webmanifest", known_places.web_manifest, name="web_manifest"),
    path("opensearch.xml", known_places.opensearch, name="opensearch"),
    path(".well-known/security.txt", known_places.security_txt, name="security_txt"),
    path(".well-known/change-password", known_places.change_password, name="change_password_address"),
    path("archive/<slug:title>/<int:year>/<slug:issue>/<slug:slug>/", reading.article, name="article"),
    path(
        "archive/<slug:title>/<int:year>/<slug:issue>/<slug:slug>.md",
        machines.markdown,
        name="article_markdown",
    ),
    path(
        "archive/<slug:title>/<int:year>/<slug:issue>/<slug:slug>.json", machines.as_data, name="article_json"
    ),
    path(
        "pictures/<int:picture>/<int:width>/<slug:signature>.<slug:extension>", pictures.serve, name="picture"
    ),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("backnumber.longread.urls")),
    path("", include("backnumber.syndication.urls")),
    path("", include("backnumber.editorial.urls")),
    path("", include("backnumber.checkout.urls")),
    path("", include("backnumber.invoices.urls")),
    path("", include("backnumber.information.urls")),
    path("till/", include("backnumber.payments.till.urls")),
    path("", include("backnumber.payments.invoice.urls")),
    path("", include("backnumber.circulation.urls")),
    path("", include("backnumber.institutions.urls")),
    path("", include("backnumber.past.urls")),
    path("", include("backnumber.gifts.urls")),
    path("", include("backnumber.helpdesk.urls")),
    path("", include("backnumber.monitoring.urls")),
    path("account/", include("backnumber.readers.urls")),
    path("account/", include("backnumber.website.account_urls")),
]
