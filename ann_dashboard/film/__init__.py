"""Films: pictures of a training as SVG, and what changes in them from frame to frame.

`camera` makes a `film` from the views; `panels` are its further pictures, `step_texts` its steps inside an
epoch; `page` writes films as a page of its own, `figures` as stills and movies.
"""
