"""The dashboard: controls on top, the film below."""

from ann_dashboard.dashboard.dashboard import Dashboard

__all__ = ["Dashboard"]
