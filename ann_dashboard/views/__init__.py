"""Views: each draws a history on the Axes it is given, and keeps nothing."""
