"""The site's addresses, and the demo's own."""

from django.urls import URLPattern, URLResolver, path

from backnumber.demo import views
from backnumber.website.urls import handler403, handler404, handler500
from backnumber.website.urls import urlpatterns as website

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/", views.people, name="demo"),
    path("demo/post/", views.post, name="demo_post"),
    path("demo/sign-in/<slug:key>/", views.sign_in, name="demo_sign_in"),
    path("demo/as/<str:token>/", views.sign_in_by_token, name="demo_sign_in_by_token"),
    *website,
]
