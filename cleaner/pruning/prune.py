"""A copy of a tree without residue, with the document that says why."""

from dataclasses import replace

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.pruning.copies import copied
from cleaner.pruning.fates import decide_fates
from cleaner.pruning.plan import remove_residue
from cleaner.pruning.result import Pruned
from cleaner.pruning.trace import trace
from cleaner.reading.request import Request


def prune(request: Request, policy: Policy) -> Pruned[object]:
    """The tree of a request without residue. Raises ``TypeError`` for what is no tree."""
    copy = copied(request.source)
    with_pictures = replace(policy, images=True)
    decided = pipeline.decide(pipeline.prepare(request, with_pictures), with_pictures)
    document = pipeline.document_of(decided, with_pictures)
    decide_fates(copy, trace(copy.html()), decided, document)
    remove_residue(copy)
    return Pruned(copy.finish(), document if policy.images else replace(document, images=()))
