"""The settings of training, in one place and without the libraries that train.

All of them are part of the fingerprint (:mod:`cleaner.learn.fingerprint`): a change asks for a new fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: The seed of what LightGBM draws at random.
SEED: Final = 3
#: LightGBM's parameters, chosen by word F1 and log-loss on unseen sites. One seed and a fixed number of threads make
#: two runs give the same trees.
LIGHTGBM: Final[Mapping[str, Any]] = {
    "objective": "cross_entropy",
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": SEED,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The size of an ensemble: number of trees, learning rate, and for each tree the most leaves, the fewest rows in a
    leaf, and the most levels.
    """

    rounds: int
    learning_rate: float
    leaves: int = 31
    min_rows: int = 150
    depth: int = 6


#: HTML: the two stages.
FIRST_STAGE: Final = Stage(120, 0.1, min_rows=400)
SECOND_STAGE: Final = Stage(160, 0.1)
#: HTML: a row counts by the square root of its block's words, at most this.
MAX_ROOT_WORDS: Final = 8.0

#: HTML: the share of the first round's probability in the targets of the second; the rest is the label.
TEACHER_SHARE: Final = 0.5
#: HTML: the seeds of the fits of the first round, whose mean log-odds count.
TEACHER_SEEDS: Final = (3, 4, 5)
#: HTML: what a block counts that was read, relative to one that is labelled by alignment with the gold.
READ_WEIGHT: Final = 2.0
#: HTML: the files of what readers said of blocks; the first that has a block counts. With ``runs.tsv`` as the last, as
#: many pages are perfect by reading and fewer have residue, but 44 words of the body in 10,000 are lost, not 38.
READINGS: Final = ("pages.tsv", "blocks.tsv")
#: HTML: what a page counts that is no article, relative to one that is. Articles are nine pages in ten; with this the
#: others have the share that they had when the corpora were the web at large and two of news.
TYPE_WEIGHT: Final = 2.0

#: Text: chosen by the recall of residue at ten body words lost in 10,000 on unseen sites, and by the fixtures, whose
#: twenty languages the corpora hardly have. 120 trees without a prior find .521 of the residue, 30 trees that correct
#: the prior .506; but on the fixtures the 120 remove 14 body lines and leave 31 of residue, the 30 none and 4.
TEXT_STAGE: Final = Stage(30, 0.1, leaves=15, min_rows=300, depth=8)
#: Text: a row counts by the square root of its line's words, at most this many words.
MAX_WORDS: Final = 64
#: Text: weight of a line that a person has labelled, relative to one that is labelled by alignment with the gold.
LABELLED_WEIGHT: Final = 3.0

#: Wordings: inverse strengths of the L2 penalties of the regressions for residue and for its labels; and what a line of
#: a page and a paragraph of a gold count, relative to a line that was written for it. For residue, three times the
#: strength finds as much at the same harm; so do lines of pages that count .3.
WORDING_C: Final = 30.0
WORDING_LABELS_C: Final = 30.0
PAGE_LINE_WEIGHT: Final = 0.7
GOLD_WEIGHT: Final = 0.5
#: The judge of wordings: what a written line of a kind of place counts, relative to a line of a page, and how often one
#: of an article counts there. Among the written lines there is more residue than in texts: of lines between two
#: paragraphs, where texts have little, they say most.
WRITTEN_LINE_WEIGHT: Final[Mapping[str, float]] = {"between": 1.0, "elsewhere": 0.3}
WRITTEN_BODY_FACTOR: Final[Mapping[str, float]] = {"between": 3.0, "elsewhere": 1.0}

#: Lexicons: a token of fewer sites is dropped. It belongs to these sites, and tells nothing about the next one.
MIN_SITES: Final = 4
#: Lexicons: smaller weights (log-odds) are dropped. They change no decision, and make the file larger.
MIN_WEIGHT: Final = 0.1
#: Inverse strengths of the L2 penalties of the logistic regressions: class names, words, page types. Each was chosen by
#: the log-loss on unseen sites.
CLASS_NAMES_C: Final = 0.05
WORDS_C: Final = 0.3
PAGE_TYPES_C: Final = 0.05
#: Page types and labels of wordings: the intercept (log-odds) of one without training data: its probability is nil.
NEVER: Final = -50.0
