"""Draws a history on the Axes it is given, and keeps nothing.

The network and its numbers: `diagram`, arranged by `placement`. Over the epochs: `curves`, `losses`. One
parameter: `nudge`. Data and predictions: `fit`, `region`, `agreement`, `confusion`, `property_map`, each on a
`sheet`, moved by `svg_paths`, with the scores of `measures`. How things look: `palette`, `numbers`, `tex`,
`ranges`.
"""
