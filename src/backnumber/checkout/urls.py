"""The addresses of buying."""

from django.urls import path

from backnumber.checkout import group_views, present_views, subscription_views, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("buy/<slug:code>/", views.buy, name="buy"),
    path("give/<slug:code>/", present_views.give, name="give"),
    path("redeem/", present_views.redeem, name="redeem"),
    path("redeem/<str:code>/", present_views.redeem_code, name="redeem_code"),
    path("account/presents/<str:key>/", present_views.present, name="present"),
    path("account/presents/<str:key>/card/", present_views.card, name="present_card"),
    path("checkout/<str:key>/done/", views.done, name="order_done"),
    path("checkout/<str:key>/stopped/", views.stopped, name="order_stopped"),
    path("checkout/<str:key>/again/", views.again, name="order_again"),
    path("checkout/webhook/<slug:provider>/", views.webhook, name="payment_webhook"),
    path("account/orders/<str:key>/", views.receipt, name="receipt"),
    path("account/groups/<str:key>/", group_views.group, name="group"),
    path("groups/join/<str:token>/", group_views.join, name="group_join"),
    path("groups/own/<str:token>/", group_views.own, name="group_own"),
    path("account/subscriptions/<str:key>/", subscription_views.subscription, name="subscription"),
    path("account/subscriptions/<str:key>/card/", subscription_views.card, name="subscription_card"),
    path("account/subscriptions/<str:key>/pay/", subscription_views.pay, name="subscription_pay"),
]
