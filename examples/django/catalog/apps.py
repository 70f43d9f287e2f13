"""The application catalog."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, and the orders for them."""

    name = "catalog"
