"""What is trained, how, and the record of it.

Modules: `network`, `activations`, `losses`, `optimisers`, `initialisers`, `batches`, `training`, `run`,
`kernel` (one pass, node after node), `arrays` (many passes at once), `record` (where in a row a number
stands), `history`.
"""
