"""The addresses of buying."""

from django.urls import path

from backnumber.checkout import subscription_views, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("buy/<slug:code>/", views.buy, name="buy"),
    path("checkout/<str:key>/done/", views.done, name="order_done"),
    path("checkout/<str:key>/stopped/", views.stopped, name="order_stopped"),
    path("checkout/<str:key>/again/", views.again, name="order_again"),
    path("checkout/webhook/<slug:provider>/", views.webhook, name="payment_webhook"),
    path("account/orders/<str:key>/", views.receipt, name="receipt"),
    path("account/subscriptions/<str:key>/", subscription_views.subscription, name="subscription"),
    path("account/subscriptions/<str:key>/card/", subscription_views.card, name="subscription_card"),
    path("account/subscriptions/<str:key>/pay/", subscription_views.pay, name="subscription_pay"),
]
