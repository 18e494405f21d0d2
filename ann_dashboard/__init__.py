"""Step through the training of a small neural network and check every number by hand.

Importing this loads neither matplotlib nor ipywidgets: the dashboard is ``ann_dashboard.dashboard``.
"""

from ann_dashboard import lessons
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import optimisers
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import *  # noqa: F403  every optimiser, as it lists them
from ann_dashboard.engine.run import train
from ann_dashboard.engine.training import Training

__version__ = "0.2.0"

__all__ = ["Dataset", "History", "Network", "Training", "lessons", "train", *optimisers.__all__]
