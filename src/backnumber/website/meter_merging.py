"""What a browser carried before its reader signed in goes into the account at sign-in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backnumber.meter.asking import bring_reads


def reads_brought(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """With the answer that signs a reader in, the meter's cookie goes and its reads count in the account."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if (
            user is not None
            and user.is_authenticated
            and "public" not in response.headers.get("Cache-Control", "")
        ):
            bring_reads(response, request.COOKIES, user.pk, timezone.now())
        return response

    return respond
