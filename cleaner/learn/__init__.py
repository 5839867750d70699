"""Training and measuring: everything that needs the ``learn`` extra. The run-time code never imports it.

Blocks, evidence and columns come from the pipeline's own functions. An arrow leads from a module to those that take
what it makes; ``cli`` is the command that calls them::

    corpus → dataset → scorers, pagetypes → fit → html.npz, stamped by fingerprint
                                                → crossval → evaluate, byreading: the report on pages
                                                → rulecounts: how often rules are right, in html.npz
    corpus → texts → fittext → text.npz, stamped by fingerprint
                             → residue → plot: the report on texts
    corpus → naming → naming.npz: the names of removed blocks
    dataset, texts → recurring → memory/weights.json: lines that recur on a site
    corpus → bench, evaluate: the library and other extractors on the same pages

``baselines`` runs the other extractors, for ``texts``, ``bench`` and ``cli``. ``align`` compares blocks with the
gold, ``metrics`` whole texts; ``conventions`` says what the gold of a corpus is no judge of, ``annotations`` what
readers said of lines and blocks. ``hyperparameters`` are the settings of training. ``fingerprint`` describes weights
by their columns on the ``probes``, and tells whether they fit the code.
"""
