"""Settings of a Jupyter server that one visitor has to himself, on Binder or started by JupyterHub: the page
as `ann-dashboard` serves it.

The server is its visitor's own: he may open JupyterLab and run anything. So nothing here guards the server
from him; that is the task of the container or the account it runs in. Binder's postBuild copies this file to
~/.jupyter, jupyterhub_config.py names its folder.
"""

c = get_config()  # noqa: F821  Jupyter gives it to this file

c.VoilaConfiguration.template = "ann_dashboard"  # installed with the package, see pyproject.toml
c.VoilaConfiguration.allow_template_override = (
    "NO"  # a template that does not exist would start a kernel and never answer
)
c.VoilaConfiguration.allow_theme_override = "NO"
c.VoilaConfiguration.show_tracebacks = False
c.VoilaConfiguration.strip_sources = True
c.VoilaConfiguration.file_allowlist = []
c.VoilaConfiguration.extension_allowlist = [
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]

c.VoilaExecutor.timeout = 120
c.VoilaExecutor.interrupt_on_timeout = True
c.VoilaExecutor.startup_timeout = 60

# The kernel of a page that was left (it cannot end it itself: Voila's issue 1458). A page that is open keeps
# its kernel.
c.MappingKernelManager.cull_idle_timeout = 600
c.MappingKernelManager.cull_interval = 60
c.MappingKernelManager.cull_connected = False
