"""Captions that the name of their own element gives away."""

from collections.abc import Sequence

from cleaner.decision.overrides.known_residue import because_of
from cleaner.decision.overrides.override import Review
from cleaner.decision.steps.quotations import attributions
from cleaner.document import Evidence, Label
from cleaner.rules.evidence import STRONG, Match


def captions_by_element(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks of an article whose own element is called a caption, except for the speakers of quotations.

    In a shop such an element holds the text of a product.
    """
    if not review.view.is_article:
        return {}
    prepared = review.prepared
    captions = {
        at: because_of(evidence)
        for at, evidence, _ in prepared.matcher.of_elements(review.kept(), Label.CAPTION)
        if evidence.weight >= STRONG and evidence.rule not in prepared.own_rules
    }
    spared = attributions(prepared.page, review.decision.body) if captions else ()
    return {at: found for at, found in captions.items() if at not in spared}
