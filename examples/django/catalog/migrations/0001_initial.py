"""The first tables, and three products to sell."""

import django.db.models.deletion
import django_prometheus.models
from django.db import migrations, models


def add_products(apps, schema_editor):
    product = apps.get_model("catalog", "Product")
    for name, price_cents in (("fennel", 190), ("torch", 1250), ("bowl", 2400)):
        product.objects.create(name=name, price_cents=price_cents)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("price_cents", models.PositiveIntegerField()),
            ],
            bases=(django_prometheus.models.ExportModelOperationsMixin("product"), models.Model),
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                ("placed", models.DateTimeField(auto_now_add=True)),
                (
                    "product",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalog.product"),
                ),
            ],
            bases=(django_prometheus.models.ExportModelOperationsMixin("order"), models.Model),
        ),
        migrations.RunPython(add_products, migrations.RunPython.noop),
    ]
