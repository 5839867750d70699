"""The command ``cleaner`` and its sub-commands.

``main`` is the command, ``batch``, ``memory``, ``rules`` and ``serve`` are its sub-commands. ``options`` has what they
share: options, exit codes, errors. ``rendering`` writes documents, ``terminal`` knows the width and the colours,
``completion`` makes the script for shells.
"""
