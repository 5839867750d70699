"""Training and measuring: everything that needs the ``learn`` extra. The run-time code never imports it.

Blocks, evidence and columns come from the pipeline's own functions. ``cli`` is the command ``cleaner-learn``. Each
folder serves the sub-commands that are named behind it, and says what its modules do::

    data        labelled pages → samples                all of them
    fitting     samples → html.npz, text.npz            fit
                lines → wording.npz                     wording: residue in words that no rule knows
    measuring   reports on pages and texts              fit, evaluate, errors
    naming      pages → naming.npz                      naming: the labels of removed blocks
    recurring   pages and texts → memory/weights.json   memory: lines that recur on a site
    bench       the library and other extractors        bench: time and memory

``hyperparameters`` are the settings of training. ``fingerprint`` records in weights what their columns mean on the
``probes``, small pages and texts, and tells whether weights fit the code: ``cleaner-learn check``.
"""
