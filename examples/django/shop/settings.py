"""Settings of the shop. Environment variables of its own start with SHOP_."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# Prometheus scrapes by address, so the address must be allowed: without
# 127.0.0.1 here Django answers every scrape with HTTP 400.
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ALLOWED_HOSTS += [host for host in os.environ.get("SHOP_ALLOWED_HOSTS", "").split(",") if host]

# Nothing here outlives the process that would need the same key again.
SECRET_KEY = os.environ.get("SHOP_SECRET_KEY") or get_random_secret_key()
DEBUG = False

INSTALLED_APPS = ["django_prometheus", "catalog"]

# django-prometheus times what lies between its two middlewares: the first and the last.
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

DATABASES = {
    "default": {
        # The wrapped backend counts queries and connections.
        "ENGINE": "django_prometheus.db.backends.sqlite3",
        "NAME": os.environ.get("SHOP_DATABASE", BASE_DIR / "db.sqlite3"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
