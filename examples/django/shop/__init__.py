"""The shop: a small Django project that exports metrics."""
