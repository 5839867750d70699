"""How good the output is: of cross-validated weights (``cleaner-learn fit``), and of those that are installed.

::

    metrics       one text against gold: word F1, residue, loss
    evaluate      means over pages; also of other extractors
    crossval      what cross-validated weights make of pages
    by_reading    pages that readers went through: perfect ones, residue and loss
    residue       what is taken out of the texts of other extractors
    residue_plot  the same as a figure
    report        the tables that are printed
    command       ``cleaner-learn evaluate`` and ``cleaner-learn errors``
"""
