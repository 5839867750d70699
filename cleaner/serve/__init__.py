"""The local page of ``cleaner serve``: try a source, see why blocks stay or go, make rules, label pages.

``server`` speaks HTTP, on this machine alone, and checks who asks. ``answers`` has what it answers, as plain data.
``pages`` has the files of a folder and ``labels_file`` their labels. ``assets/`` is the page.
"""
