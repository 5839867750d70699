r"""Packs of rules → evidence about the blocks of a page.

The names below are public: what a pack is made of, and how one of your own is read.

>>> from cleaner import rules
>>> pack = rules.parse("[related.tip]\npatterns = ['^also read:']", "mine.toml")
>>> [rule.concept.name for rule in pack.rules]
['related.tip']

The modules, in the order in which they take part:

- packs: ``schema`` says what a pack is, ``toml`` reads it, ``packs`` has those of the library and of users, ``check``
  tries their examples, with ``adversarial`` strings
- look-up: ``select`` chooses the packs of a source, ``index`` looks their rules up, with ``tables``, ``pattern_index``,
  ``automaton`` and ``elements``; ``prefilter`` finds the literals of a pattern by its ``regex_syntax``; ``compiled``,
  ``compiled_index`` and ``stored_regex`` are the same, made when the wheel is built
- matching: ``matcher`` finds direct matches, ``conditions`` checks what concepts ask besides words (``authors``,
  ``line_forms``, ``byline_parts`` with ``byline_words`` and ``byline_times``, ``credits``), ``propagate``, ``parts``
  and ``cues`` pass evidence on, ``evidence`` is the result; ``match`` calls them for labels, ``gather`` for the model
- ``glued_pleas`` splits pleas off paragraphs, ``draft`` makes a rule of a line
"""

from cleaner.rules.packs import bundled, concepts, languages, parse, read
from cleaner.rules.schema import STRENGTHS, Concept, Pack, Pattern, Rule

__all__ = ["STRENGTHS", "Concept", "Pack", "Pattern", "Rule", "bundled", "concepts", "languages", "parse", "read"]
