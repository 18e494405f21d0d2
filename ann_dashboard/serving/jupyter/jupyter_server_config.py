"""Settings of a Jupyter server that one visitor has alone, on Binder or JupyterHub, for the dashboard's page.

The server belongs to its visitor, who may open JupyterLab and run anything. So nothing here protects the
server; the container or the account it runs in does. Binder's postBuild copies this file to ~/.jupyter;
jupyterhub_config.py names its folder.
"""

c = get_config()  # noqa: F821  Jupyter gives it to this file

c.VoilaConfiguration.template = "ann_dashboard"  # installed with the package, see pyproject.toml
# A template that does not exist would start a kernel and never answer.
c.VoilaConfiguration.allow_template_override = "NO"
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

# A closed page cannot end its kernel itself (Voila's issue 1458); an open page keeps its kernel.
c.MappingKernelManager.cull_idle_timeout = 600
c.MappingKernelManager.cull_interval = 60
c.MappingKernelManager.cull_connected = False
