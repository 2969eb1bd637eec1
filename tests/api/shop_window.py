"""Endpoints for tests of what all endpoints share, mounted by `ROOT_URLCONF`."""

import threading
from decimal import Decimal

from django.urls import include, path
from rest_framework.response import Response

from accounts.models import User
from cryptons.api.conditional import etag_of, public
from cryptons.api.fields import Choice, Fiat, Flag, Identifier, Moment, Number, Shape, Text, Whole
from cryptons.api.idempotency import idempotent, operation_key
from cryptons.api.paging import paged
from cryptons.api.requests import body
from cryptons.api.views import ANYONE, STAFF, ApiView
from cryptons.errors import OutOfStock, PaymentMethodUnavailable

done = []
rendered = []
hold = threading.Event()


class ItemShape(Shape):
    product_id = Identifier()
    quantity = Whole(min_value=1, max_value=10_000)


class EverythingShape(Shape):
    some_text = Text(max_length=5, required=False)
    some_number = Number(max_digits=20, decimal_places=8, required=False)
    unit_price = Fiat(required=False)
    is_new = Flag(required=False)
    colour = Choice(["red", "green"], required=False)
    seen_at = Moment(required=False)
    items = ItemShape(many=True, required=False)


class Echo(ApiView):
    access = {"POST": ANYONE, "PUT": STAFF, "PATCH": "products:write"}

    def post(self, request):
        return Response(EverythingShape(body(request, EverythingShape)).data)

    def put(self, request):
        return Response(None)

    def patch(self, request):
        return Response(None)


class Numbers(ApiView):
    access = {"GET": ANYONE}

    def get(self, request):
        return paged(request, User.objects.order_by("email"), lambda user: user.email)


class Money(ApiView):
    access = {"GET": ANYONE}

    def get(self, request):
        return Response(
            {
                "amount": Decimal("0.10000001"),
                "total": Decimal("1E+3"),
                "many": Decimal("12345678901234567890.12345678"),
            }
        )


class Window(ApiView):
    access = {"GET": ANYONE}

    def get(self, request):
        def render():
            rendered.append(1)
            return Response("a page")

        return public(request, etag=etag_of("window", 7), render=render, max_age=30)


class Once(ApiView):
    @idempotent
    def post(self, request):
        sent = body(request, ItemShape)
        done.append(operation_key(request))
        if sent["quantity"] == 404:
            raise PaymentMethodUnavailable("The node sleeps.")
        if sent["quantity"] == 409:
            raise OutOfStock("Gone.", details=[{"field": "items", "product": "x", "left": 0}])
        if sent["quantity"] == 500:
            raise RuntimeError
        hold.wait(timeout=5)
        return Response({"number": len(done)}, status=201)


class Uncounted(ApiView):
    access = {"GET": ANYONE}
    throttle_classes = []

    def get(self, request):
        return Response(None)


urlpatterns = [
    path("api/test/echo", Echo.as_view()),
    path("api/test/numbers", Numbers.as_view()),
    path("api/test/money", Money.as_view()),
    path("api/test/window", Window.as_view()),
    path("api/test/once", Once.as_view()),
    path("api/test/uncounted", Uncounted.as_view()),
    path("", include("cryptons.urls")),
]
