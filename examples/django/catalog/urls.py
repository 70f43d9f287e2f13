"""The catalog's pages."""

from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.products, name="products"),
    path("products/<int:number>/", views.product, name="product"),
    path("products/<int:number>/order/", views.order, name="order"),
    path("fail/", views.fail, name="fail"),
]
