r"""What recurs on a site: lines that stand in many of its documents, learned from the pages that a pipeline has anyway.

>>> from cleaner import Cleaner
>>> from cleaner.memory import SiteMemory
>>> memory = SiteMemory()
>>> story = "The ferry to Skarn sailed on {}, with forty passengers and a crew of six on board, the harbour said."
>>> slogan = "The Skarn Courier: news that holds water."
>>> for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
...     memory.add(f"{story.format(day)}\n\n{slogan}", url=f"https://courier.example/{day}")
>>> text = f"The council of Skarn voted for a second pier, which will open in the spring of next year.\n\n{slogan}"
>>> Cleaner(memory=memory).clean(text, url="https://courier.example/pier")
'The council of Skarn voted for a second pier, which will open in the spring of next year.'

``memory.save(path)`` and ``SiteMemory.load(path)`` keep it in a file. ``docs/memory.md`` says how it works, what it
costs, and what it cannot know.

``site_memory`` is what users hold. It keeps a ``sample`` of the documents of each site (``sites``). They are made of
what users pass (``sources``), consist of ``lines``, and are kept as a ``table`` in a ``file``. Asked about a page, it
looks its lines up in an ``index``, which counts ``copies`` of an article once. ``features`` and ``weights`` turn counts
into ``evidence``, and ``innocent`` says which lines recur and are content all the same.
"""

from cleaner.errors import MemoryFileError
from cleaner.memory.site_memory import KnownLine, SiteMemory, SiteStatus, merge_files
from cleaner.memory.sites import Place, place_of

__all__ = ["KnownLine", "MemoryFileError", "Place", "SiteMemory", "SiteStatus", "merge_files", "place_of"]
