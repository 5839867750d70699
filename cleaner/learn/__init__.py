"""Training and measuring: everything that needs the ``learn`` extra. The run-time code never imports it.

Blocks, evidence and columns are made by the run-time code::

    HTML   corpus.read → dataset.build → fit.fit ────┬→ fingerprint.stamped → html.npz
    text   corpus.read → texts.build → fittext.fit ──┤                        text.npz
                                                     └→ crossval, residue: the measures of the cross-validation

``fit.fit`` calls ``scorers`` (the lexicons) and ``pagetypes``; ``hyperparameters`` has the settings of all of them.
"""
