"""Training and measuring: everything that needs the ``learn`` extra. The run-time code never imports it.

The data flow is the run-time's own up to the model: the same blocks, evidence and columns::

    corpus.read → dataset.build → scorers.fit (out of fold) → dataset.columns → fit.trees → weights file
                                                            → evaluate.report
"""
