"""Step through the training of a small neural network and check every number by hand.

Importing this loads neither matplotlib nor ipywidgets: the dashboard is ``ann_dashboard.dashboard``.
"""

from ann_dashboard import lessons, optimisers
from ann_dashboard.data import Dataset
from ann_dashboard.history import History
from ann_dashboard.network import Network
from ann_dashboard.optimisers import *  # noqa: F403  every optimiser, as it lists them
from ann_dashboard.training import Training, train

__all__ = ["Dataset", "History", "Network", "Training", "lessons", "train", *optimisers.__all__]
