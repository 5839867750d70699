"""What the rules found about a page's blocks, and how two findings of one kind become one."""

from dataclasses import dataclass, field

from cleaner.document import Evidence, Label
from cleaner.rules.packs import STRENGTHS, Concept


@dataclass(slots=True)
class EvidenceByBlock:
    """For each block the evidence about it, the surest first; and the user's rules that ran out of time."""

    evidence: list[list[Evidence]]
    slow: set[str] = field(default_factory=set)


def add(to: list[Evidence], evidence: Evidence) -> None:
    """One piece of evidence a concept: the surest."""
    for i, old in enumerate(to):
        if old.name == evidence.name:
            # Equal weights: the smaller name wins, so that the order of the rules does not show.
            if (evidence.weight, old.rule, old.quote) > (old.weight, evidence.rule, evidence.quote):
                to[i] = evidence
            return
    to.append(evidence)


def spoken(concept: Concept, quote: str, where: str) -> Evidence:
    """The evidence that a concept speaks with its prior; ``where`` is the rule."""
    return Evidence(concept.name, concept.label, concept.weight, quote[:80], where)


def certain(evidence: Evidence) -> bool:
    """Whether evidence names residue surely enough to decide alone, and to reach other blocks."""
    return evidence.label is not Label.BODY and evidence.weight >= STRENGTHS["strong"]


def rule_of(evidence: Evidence) -> str:
    """The rule that an evidence comes from: a user's pack may have a concept of the library's with other properties."""
    return evidence.rule.rsplit("[", 1)[0] if evidence.rule.endswith("]") else evidence.rule
