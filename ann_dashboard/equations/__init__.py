"""A pass in equations, in symbols and in numbers.

Modules: `variant` (what of a training the equations depend on), `rules` (the equations of every pass),
`steps` (those of one pass, with its numbers), `mistakes`, `diagnosis` (of a wrong answer), `by_hand` (a
training as a program).
"""
