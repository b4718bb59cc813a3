from django.urls import path

from backnumber.monitoring import views

urlpatterns = [
    path("healthz", views.live, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
