"""The opening of an article: what stands between the headline and the first paragraph."""

from cleaner.decision.decision import with_blocks, without_blocks
from cleaner.decision.page_view import PageView
from cleaner.decision.standfirst import is_bare_name
from cleaner.text.arrays import Flags


def with_standfirst(view: PageView, body: Flags) -> Flags:
    """The body with the standfirst."""
    return with_blocks(body, view.standfirst)


def with_first_sentence(view: PageView, body: Flags) -> Flags:
    """The body with the line right below the headline where it is a sentence."""
    return with_blocks(body, view.first_sentence)


def without_bare_names(view: PageView, body: Flags) -> Flags:
    """The body without lines of the opening that are nothing but names, which are the authors'."""
    blocks, opening = view.page.blocks, view.opening(body) or ()
    asked = [at for at in opening if body[at] and at not in view.summary and not blocks[at].level]
    return without_blocks(body, [at for at in asked if is_bare_name(blocks[at].plain)])
