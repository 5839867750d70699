"""Blocks become columns: one row per block, one named column per feature. ``columns`` documents each of them.

- ``page_features`` makes the columns of a page: ``form`` of the block's own text, ``position`` of its place,
  ``containers`` of the elements around it, ``profile`` and ``type_facts`` of the whole page; and then ``second_stage``
  and ``regions`` of the first stage's scores and the evidence of rules.
- ``text_lines`` makes those of a text, ``naming`` those by which removed blocks are named. ``wording`` has the
  sequences of letters of lines, ``wording_context`` what stands around them.
- ``measures``, ``ancestors``, ``context``, ``classnames``, ``blockwords`` and ``hashing`` are computed once and used by
  several of these.
"""
