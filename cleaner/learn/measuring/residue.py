"""The residue benchmark: what is taken out of the texts of other extractors, and what of the article goes with it.

Gold is corrected by the labels that readers gave to lines (:mod:`cleaner.learn.data.annotations`). By gold alone a
third of what counts as residue is content that gold lacks, and much of what counts as harm is residue that gold holds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.document import DEFAULT_KEEP, Label
from cleaner.learn.data.texts import TextSample
from cleaner.model import weights
from cleaner.model.scoring import Scores, text_log_odds
from cleaner.text.arrays import Array, Flags
from cleaner.text.shingles import PRESENT

#: The thresholds of the curve.
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class TextOutcome:
    """What becomes of the lines of one text: their labels, and which of them are kept."""

    sample: TextSample
    labels: Sequence[Label]

    @property
    def kept(self) -> Flags:
        """Which lines stay."""
        return np.array([label in DEFAULT_KEEP["text"] for label in self.labels], bool)


def outcomes(samples: Iterable[TextSample], log_odds: Iterable[Array], threshold: float = 0.5) -> list[TextOutcome]:
    """What becomes of texts whose lines have these log-odds of body, by the run-time's own decision and names."""
    return [_outcome(sample, own, threshold) for sample, own in zip(samples, log_odds, strict=True)]


def installed(samples: Sequence[TextSample]) -> list[Array]:
    """The log-odds that the weights that come with the library give, with what wording says."""
    installed = weights.load_text()
    return [text_log_odds(sample.page, sample.prose_map, sample.columns, installed)[0] for sample in samples]


def _outcome(sample: TextSample, log_odds: Array, threshold: float) -> TextOutcome:
    policy = Policy(threshold=threshold)
    scores = Scores(log_odds, sample.columns, None, sample.evidence)
    decided = pipeline.decide_scored(sample.prepared, scores, policy)
    # Lines stay whole: what is counted are the extractor's lines.
    document = pipeline.document_of(replace(decided, pleas={}), policy)
    return TextOutcome(sample, [block.label for block in document.blocks])


@dataclass(slots=True)
class TextCounts:
    """The counts over some texts, by one idea of what is content."""

    texts: int = 0
    residue: int = 0
    residue_words: int = 0
    removed: int = 0
    right: int = 0
    right_words: int = 0
    body_words: float = 0.0
    lost_words: float = 0.0
    clean_before: int = 0
    clean_after: int = 0
    perfect_after: int = 0

    @property
    def recall(self) -> float:
        """Share of the residue's lines that go."""
        return self.right / max(self.residue, 1)

    @property
    def word_recall(self) -> float:
        """Share of the residue's words that go."""
        return self.right_words / max(self.residue_words, 1)

    @property
    def precision(self) -> float:
        """Share of the lines that go that are residue."""
        return self.right / max(self.removed, 1)

    @property
    def harm(self) -> float:
        """Words of the article lost, of 10,000."""
        return 1e4 * self.lost_words / max(self.body_words, 1.0)

    def add(self, outcome: TextOutcome, share: Array) -> None:
        """Counts one text; ``share`` says how much of each line is content."""
        kept, words = outcome.kept, outcome.sample.words
        residue = share < PRESENT
        lost = ~kept & ~residue
        self.texts += 1
        self.residue += int(residue.sum())
        self.residue_words += int(words[residue].sum())
        self.removed += int((~kept).sum())
        self.right += int((residue & ~kept).sum())
        self.right_words += int(words[residue & ~kept].sum())
        self.body_words += float((words * share).sum())
        self.lost_words += float((words * share)[lost].sum())
        self.clean_before += not residue.any()
        self.clean_after += not (residue & kept).any()
        self.perfect_after += not (residue & kept).any() and not lost.any()

    def row(self, name: str) -> str:
        """A line of the report."""
        n = max(self.texts, 1)
        before, after, perfect = (f"{k / n:.0%}" for k in (self.clean_before, self.clean_after, self.perfect_after))
        return (
            f"| {name} | {self.texts} | {self.recall:.3f} | {self.word_recall:.3f} | {self.precision:.3f} | "
            f"{self.harm:.1f} | {before} → {after} | {perfect} |"
        )


HEADER = (
    "| texts of | texts | recall, lines | recall, words | precision | body words lost in 10,000 | "
    "without residue | perfect |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(slots=True)
class LabelCounts:
    """A label: how many of the lines drawn at random readers gave it, and how many of those go; how many lines go
    under that name, and how many of these are residue.
    """

    read: int = 0
    found: int = 0
    removed: int = 0
    right: int = 0


@dataclass(slots=True)
class Report:
    """The measures of some texts: by gold alone, by gold as readers correct it, and by label."""

    failures: int = 0
    by_gold: TextCounts = field(default_factory=TextCounts)
    corrected: TextCounts = field(default_factory=TextCounts)
    labels: dict[Label, LabelCounts] = field(default_factory=lambda: defaultdict(LabelCounts))

    @property
    def hand_recall(self) -> float:
        """Share of the lines drawn at random and called residue that go."""
        residue = [named for label, named in self.labels.items() if label not in DEFAULT_KEEP["text"]]
        return sum(named.found for named in residue) / max(sum(named.read for named in residue), 1)


def report(found: Iterable[TextOutcome]) -> Report:
    """The measures of texts; those that are the extractor's failure are only counted."""
    made = Report()
    for outcome in found:
        sample = outcome.sample
        if sample.failed:
            made.failures += 1
            continue
        made.by_gold.add(outcome, sample.shares)
        gold = sample.gold
        made.corrected.add(outcome, gold)
        for label, reading, share in zip(outcome.labels, sample.read, gold.tolist(), strict=True):
            if reading and reading.label and reading.drawn:
                made.labels[reading.label].read += 1
                made.labels[reading.label].found += label not in DEFAULT_KEEP["text"]
            if label not in DEFAULT_KEEP["text"]:
                made.labels[label].removed += 1
                made.labels[label].right += share < PRESENT
    return made


def groups(found: Sequence[TextOutcome], key: Callable[[TextSample], str]) -> Mapping[str, Report]:
    """A report for each group of texts."""
    parts: dict[str, list[TextOutcome]] = defaultdict(list)
    for outcome in found:
        parts[key(outcome.sample)].append(outcome)
    return {name: report(part) for name, part in parts.items()}


def is_news(sample: TextSample) -> bool:
    """Whether a text comes from a corpus of news; the others are of the web at large."""
    return not sample.example.corpus.startswith("wcxb")


def lines(found: Sequence[TextOutcome]) -> Iterator[str]:
    """The benchmark as text: tables in Markdown."""
    news = [outcome for outcome in found if is_news(outcome.sample)]
    by_upstream = groups(news, lambda sample: sample.upstream)
    on_the_web = groups([o for o in found if not is_news(o.sample)], lambda sample: sample.upstream)
    of_trafilatura = [outcome for outcome in news if outcome.sample.upstream == "trafilatura"]
    by_language = groups(of_trafilatura, lambda sample: sample.lang)
    languages = Counter(outcome.sample.lang for outcome in of_trafilatura).most_common()
    yield "News, by gold as readers correct it:\n"
    yield from _table((name, made.corrected) for name, made in by_upstream.items())
    yield "\nNews, by gold alone:\n"
    yield from _table((name, made.by_gold) for name, made in by_upstream.items())
    yield "\nArticles of the web at large, by gold as readers correct it:\n"
    yield from _table((name, made.corrected) for name, made in on_the_web.items())
    yield "\nNews, by language (trafilatura, by gold as readers correct it):\n"
    yield from _table((lang or "none", by_language[lang].corrected) for lang, _ in languages)
    yield "\nBy label, all texts of news:\n"
    whole = report(news)
    yield from _by_label(whole.labels)
    yield f"\nof the lines that readers called residue {whole.hand_recall:.3f} go"
    for name, made in by_upstream.items():
        yield f"{name}: {made.hand_recall:.3f}, failures left out: {made.failures}"


def _table(rows: Iterable[tuple[str, TextCounts]]) -> Iterator[str]:
    yield HEADER
    for name, counts in rows:
        yield counts.row(name)


def _by_label(labels: Mapping[Label, LabelCounts]) -> Iterator[str]:
    yield "| label | lines that readers gave it | of these removed | removed under it | of these residue |"
    yield "| --- | --- | --- | --- | --- |"
    for label in Label:
        counts = labels[label]
        gone = f"{counts.found / counts.read:.2f}" if counts.read else "–"
        right = f"{counts.right / counts.removed:.3f}" if counts.removed else "–"
        yield f"| {label} | {counts.read} | {gone} | {counts.removed} | {right} |"


def curve(samples: Sequence[TextSample], log_odds: Sequence[Array]) -> list[tuple[float, Report]]:
    """The report for each threshold."""
    return [(threshold, report(outcomes(samples, log_odds, threshold))) for threshold in THRESHOLDS]
