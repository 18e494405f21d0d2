"""Arithmetic as trees that can be written and evaluated.

Modules: `tree`, `writers` (TeX, plain text, Python), `equation` (an equation and its classic mistakes).
"""
