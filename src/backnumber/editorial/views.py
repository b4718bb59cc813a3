"""Pictures as they lie in the store, for those who tend them in the admin. No page of the site leads here."""

import mimetypes
from typing import cast

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe
from wagtail.images.permissions import permission_policy

from backnumber.readers import second_factor
from backnumber.readers.models import Reader

_TENDS = ["add", "change", "choose"]
# A drawing opened by itself must not run in the admin's name.
_NOTHING_RUNS = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


@require_safe
def stored_picture(request: HttpRequest, name: str) -> FileResponse:
    """404 for everyone else, and for what is not there: the same answer."""
    user = cast(Reader, request.user)
    if (
        not user.has_perm("wagtailadmin.access_admin")
        or second_factor.is_missing(request)
        or not permission_policy.user_has_any_permission(user, _TENDS)
    ):
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    kind, _ = mimetypes.guess_type(name)
    response = FileResponse(file, content_type=kind or "application/octet-stream")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = _NOTHING_RUNS
    return response
