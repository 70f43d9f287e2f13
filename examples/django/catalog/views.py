"""The shop as a JSON API: no sessions and no forms, so no CSRF middleware either."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from catalog.models import Order, Product


def _as_json(item):
    return {"id": item.pk, "name": item.name, "price_cents": item.price_cents}


@require_GET
def products(request):
    """All products."""
    return JsonResponse({"products": [_as_json(item) for item in Product.objects.order_by("pk")]})


@require_GET
def product(request, number):
    """One product and how often it was ordered."""
    item = get_object_or_404(Product, pk=number)
    return JsonResponse({**_as_json(item), "orders": item.order_set.count()})


@require_POST
def order(request, number):
    """Orders one of a product."""
    placed = Order.objects.create(product=get_object_or_404(Product, pk=number), quantity=1)
    return JsonResponse({"order": placed.pk}, status=201)


@require_GET
def fail(request):
    """Answers 500: enough of these, and the alert ShopErrors fires."""
    raise RuntimeError("asked to fail")
