"""Products and orders; both count their inserts, updates and deletes for Prometheus."""

from django.db import models
from django_prometheus.models import ExportModelOperationsMixin


class Product(ExportModelOperationsMixin("product"), models.Model):
    """Something the shop sells."""

    name = models.CharField(max_length=80, unique=True)
    price_cents = models.PositiveIntegerField()


class Order(ExportModelOperationsMixin("order"), models.Model):
    """How many of a product were ordered, and when."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
    placed = models.DateTimeField(auto_now_add=True)
