"""What one asks of a history.

Modules: `outcome` (a training summed up in one line), `scores`, `prediction_table`, `gradient_check`.
"""
