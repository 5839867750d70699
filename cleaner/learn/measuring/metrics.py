"""How good a text is, held against gold: word F1, residue left and paragraphs lost."""

from collections import Counter
from dataclasses import dataclass

from cleaner.text.shingles import Shingles, tokens


@dataclass(frozen=True, slots=True)
class Score:
    """One page's scores. ``residue`` and ``lost`` count paragraphs, ``paragraphs`` are those of the gold."""

    f1: float
    precision: float
    recall: float
    residue: int
    residue_words: int
    lost: int
    paragraphs: int

    @property
    def perfect(self) -> bool:
        """No residue paragraph and no lost one."""
        return not self.residue and not self.lost


def score(output: str, gold: str) -> Score:
    """The scores of one page. Word F1 counts words as bags, as WCXB defines it."""
    got, want = tokens(output), tokens(gold)
    common = sum((Counter(got) & Counter(want)).values())
    precision = common / len(got) if got else float(not want)
    recall = common / len(want) if want else float(not got)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    residue = missing(output, gold)
    paragraphs = sum(1 for line in gold.split("\n") if line.strip())
    residue_words = sum(len(tokens(line)) for line in residue)
    return Score(f1, precision, recall, len(residue), residue_words, len(missing(gold, output)), paragraphs)


def missing(text: str, other: str) -> list[str]:
    """The paragraphs (lines) of a text that another text does not hold."""
    shingles = Shingles(other)
    return [line for line in text.split("\n") if line.strip() and not shingles.contains(line)]
