"""``cleaner-learn memory``: fits the weights of lines that recur on a site (:mod:`cleaner.memory.weights`).

``documents`` has the texts and pages of each site, with what is known of their lines. ``fit`` makes rows of the lines
that recur, and fits a regression to them. ``bench`` measures what memories are worth, ``simulation`` what they would be
worth on larger sites than the corpora have. ``command`` calls them.
"""
