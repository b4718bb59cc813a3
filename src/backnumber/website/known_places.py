"""What browsers and other programs look for at addresses of their own: icons, the manifest, the description of the search, whom to
tell of a weakness, where a password is changed.
"""

from datetime import timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

_KEPT = {"Cache-Control": "public, max-age=86400"}
_A_NAME_AT_MOST = 16  # letters, https://github.com/dewitt/opensearch
SECURITY_TXT_LASTS = timedelta(days=180)  # RFC 9116, 2.5.5: less than a year


@require_safe
def icon(request: HttpRequest, name: str) -> HttpResponse:
    """Sends on to the file, whose address changes with it."""
    return HttpResponseRedirect(static(f"website/{name}"), headers=_KEPT)


@require_safe
def web_manifest(request: HttpRequest) -> HttpResponse:
    """By https://www.w3.org/TR/appmanifest/."""
    manifest = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "start_url": reverse("home"),
        "display": "browser",
        "background_color": "#fbf9f4",
        "theme_color": "#7a1f1f",
        "icons": [
            {"src": static("website/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("website/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("website/touch-icon.png"), "sizes": "180x180", "type": "image/png"},
        ],
    }
    return JsonResponse(manifest, content_type="application/manifest+json", headers=_KEPT)


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """By https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md."""
    found_at = f"{settings.ADDRESS}{reverse('search')}?q={{searchTerms}}"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(settings.SITE_NAME[:_A_NAME_AT_MOST].strip())}</ShortName>\n"
        f"<Description>{escape(f'Search every word of {settings.SITE_NAME}')}</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Image width="48" height="48" type="image/x-icon">{escape(settings.ADDRESS)}/favicon.ico</Image>\n'
        f'<Url type="text/html" template="{escape(found_at)}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return HttpResponse(
        text, content_type="application/opensearchdescription+xml; charset=utf-8", headers=_KEPT
    )


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """By https://www.rfc-editor.org/rfc/rfc9116."""
    until = timezone.now() + SECURITY_TXT_LASTS
    lines = (
        f"Contact: mailto:{settings.HELP_EMAIL}",
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.ADDRESS}{reverse('security_txt')}",
        "Preferred-Languages: en",
    )
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8", headers=_KEPT)


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """By https://www.w3.org/TR/change-password-url/."""
    return HttpResponseRedirect(reverse("account_change_password"))
