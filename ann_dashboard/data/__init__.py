"""The samples a network learns from, read and scaled.

Modules: `dataset`, `columns`, `encoding`, `csv_files`, `cells`, `kinds`, `numerals`, `advice`,
`property_map`.
"""
