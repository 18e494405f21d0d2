"""JupyterHub for the dashboard: everyone who logs in gets a server whose page is the dashboard.

Nobody reaches another's server. Load this file at the top of your own configuration, which says who may log
in and under which accounts the servers run:

    load_subconfig(".../ann_dashboard/serving/jupyter/jupyterhub_config.py")
    c.JupyterHub.authenticator_class = ...
    c.Authenticator.allowed_users = {...}

Otherwise JupyterHub's defaults apply: it asks for an account of this computer, lets in nobody who is not
named, and starts the server under that account, so that the operating system keeps people apart, too. It
serves this computer only. To serve others, put a web server with TLS in front of it, or set
`c.JupyterHub.bind_url` and give it a certificate.
"""

from pathlib import Path

import psutil

from ann_dashboard.serving import notebooks

SERVER = 250 * 2**20
"""Bytes of memory that one visitor needs: a server, and a kernel whose page is open.

Long trainings, exports and the hub itself are not counted: the limit below leaves them half of the memory.
"""

c = get_config()  # noqa: F821  JupyterHub gives it to this file

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# Anyone who comes later is told that the hub is full.
c.JupyterHub.active_server_limit = psutil.virtual_memory().total // 2 // SERVER

c.Spawner.notebook_dir = str(notebooks())
c.Spawner.default_url = "/voila/render/dashboard.ipynb"
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": str(Path(__file__).parent)}  # finds jupyter_server_config.py
# A server ends when its visitor has closed all pages and its kernels have been culled.
c.Spawner.args = ["--ServerApp.shutdown_no_activity_timeout=1200"]
