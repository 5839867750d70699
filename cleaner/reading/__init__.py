"""From what the caller passed to one decoded source: decode bytes, tell HTML from text, detect the language.

:mod:`~cleaner.reading.request` is what the caller passed, :mod:`~cleaner.reading.source` the entry. It uses
:mod:`~cleaner.reading.binary` (files and compressed bodies that are no text), :mod:`~cleaner.reading.decode` (bytes to
``str``) and :mod:`~cleaner.reading.sniff` (HTML or text). :mod:`~cleaner.reading.language` works on the blocks that
segmentation makes of the source. The files of the command may be :mod:`~cleaner.reading.compressed`, also with
zstandard (:mod:`~cleaner.reading.zst`). :mod:`~cleaner.reading.archive` is for entries of WARC archives.
"""
