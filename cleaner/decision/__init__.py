"""Log-odds → which blocks are body, and what the others are.

- A page: ``page_scores`` moves the model's scores. ``page_body`` begins with the blocks that ``chosen`` takes by them,
  runs ``steps/`` (form and place) and then ``overrides/`` (rules and neighbours). Both read a ``page_view``, for which
  ``standfirst`` and ``next_story`` find parts of the page; ``links`` says where lines lead. ``page_data`` looks for an
  article in the page's JSON. ``labels`` names what was removed, ``images`` chooses pictures.
- A text: ``text_body`` decides, ``text_labels`` labels.
- Both: ``decision``, ``state`` and ``labelled`` are what is passed on, ``policy`` has the options, ``recurring`` asks a
  site memory, ``blocks`` makes the blocks of the document.
"""
