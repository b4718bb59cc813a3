"""The address of stored pictures; everything else of this room stands under /admin/."""

from django.conf import settings
from django.urls import path

from backnumber.editorial import views

urlpatterns = [
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", views.stored_picture, name="stored_picture")
]
