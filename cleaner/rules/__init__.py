r"""Packs of rules → evidence about the blocks of a page.

The names below are public: what a pack is made of, and how one of your own is read.

>>> from cleaner import rules
>>> pack = rules.parse("[related.tip]\npatterns = ['^also read:']", "mine.toml")
>>> [rule.concept.name for rule in pack.rules]
['related.tip']
"""

from cleaner.rules.packs import bundled, concepts, languages, parse, read
from cleaner.rules.schema import STRENGTHS, Concept, Pack, Pattern, Rule

__all__ = ["STRENGTHS", "Concept", "Pack", "Pattern", "Rule", "bundled", "concepts", "languages", "parse", "read"]
