"""JupyterHub for the dashboard: who has logged in gets a server of his own, whose page is the dashboard;
nobody reaches another's.

Load it at the head of a configuration of your own, which says who may log in and under whose account the
servers run:

    load_subconfig(".../ann_dashboard/serving/jupyter/jupyterhub_config.py")
    c.JupyterHub.authenticator_class = ...
    c.Authenticator.allowed_users = {...}

Until it does, JupyterHub's own defaults hold: it asks for an account of this computer, lets in nobody who is
not named, and starts the server under that account, so that the operating system keeps people apart too. It
serves this computer only: to serve others, put a web server with TLS before it, or give
`c.JupyterHub.bind_url` and a certificate.
"""

from pathlib import Path

import psutil

from ann_dashboard.serving import notebooks

SERVER = 250 * 2**20
"""Bytes of memory that one visitor needs: his server, and a kernel whose page is open.

Long trainings and exports are not counted, nor is the hub itself: they share the half of the memory that the
limit below leaves.
"""

c = get_config()  # noqa: F821  JupyterHub gives it to this file

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.active_server_limit = (
    psutil.virtual_memory().total // 2 // SERVER
)  # the next visitor is told that the hub is full

c.Spawner.notebook_dir = str(notebooks())
c.Spawner.default_url = "/voila/render/dashboard.ipynb"
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": str(Path(__file__).parent)}  # finds jupyter_server_config.py
# A server ends when its visitor has closed all pages and its kernels were culled.
c.Spawner.args = ["--ServerApp.shutdown_no_activity_timeout=1200"]
