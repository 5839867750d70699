"""Text alone, and numbers about it. It imports no other part of the library.

``characters`` may leave the library or not, ``words`` end somewhere, ``shingles`` say how much of a text stands in
another. ``codepoints``, ``charstats`` and ``hashes`` count and hash all blocks of a page at once. ``structure`` is what
tags say about a text, ``addresses`` are those of links. ``arrays`` has the array types, ``odds`` the logistic function,
``data_files`` reads the files of the package.
"""
