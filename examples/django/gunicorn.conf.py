"""How gunicorn serves the shop."""

import os

wsgi_app = "shop.wsgi:application"
bind = os.environ.get("SHOP_LISTEN", "127.0.0.1:8000")

# One process with threads, not several processes: the counters live in the
# process, so with several each scrape would meet another one's numbers, and
# counters would seem to fall. The way out of that, PROMETHEUS_MULTIPROC_DIR,
# loses the process metrics and needs a folder emptied at each start. An app that
# needs several processes takes it; a shop this small doesn't.
workers = 1
threads = 4

# No socket to steer gunicorn by in the home folder; signals are enough.
control_socket_disable = True

# The demo invites to edit the settings and watch.
reload = os.environ.get("SHOP_RELOAD") == "1"
