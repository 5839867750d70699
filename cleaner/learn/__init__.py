"""Training and measuring: everything that needs the ``learn`` extra. The run-time code never imports it.

Blocks, evidence and columns come from the pipeline's own functions::

    corpus.read → dataset.build → scorers.fit (out of fold) → features → fit.fit → html.npz
                                                                       → crossval → evaluate: the report
    corpus.read → texts.build → fittext.fit → text.npz
                                            → residue: the report
"""
