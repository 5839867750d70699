"""``cleaner-learn naming``: fits the weights that name removed blocks, cross-validated by site.

The regression is fitted to labels that readers gave to blocks and lines. They are few, and most are of blocks that are
hard to judge. So two more sources are used, both from blocks whose label a rule tells:

- The lexicons, of words and of the names of elements, are counted on all of them: where rules know comments by "Reply"
  and "3 comments", the names of the elements around these are learned to be those of comments.
- Short links in menus are rows of the regression, without the evidence of rules: readers saw few menus, since no
  extractor keeps them.

Which rules tell the label is measured on the blocks that were read.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner import pipeline
from cleaner.decision.decision import Decision
from cleaner.decision.labels import is_short_link, name_removed, with_reasons
from cleaner.document import Evidence, Label, Origin
from cleaner.features.naming import (
    KINDS,
    NAMES,
    NUMBER_OF,
    LabelLexicon,
    LabelLexicons,
    Removed,
    naming_columns,
    removed_blocks,
)
from cleaner.features.page_features import PageFeatures
from cleaner.learn import annotations, corpus
from cleaner.learn.corpus import FOLDS, Example
from cleaner.learn.dataset import POLICY, WORKERS
from cleaner.model.naming import MAX_DEVIATIONS, NamingWeights
from cleaner.reading.request import Request
from cleaner.rules.evidence import STRONG, EvidenceByBlock
from cleaner.rules.match import collect_evidence
from cleaner.rules.packs import concepts, concepts_with_role
from cleaner.text.arrays import Array, Flags, Floats, Ints, distinct
from cleaner.text.hashes import Hashes

#: Inverse of the strength of the L2 penalty of the regression, and its steps at most. From .01 to .04 agreement differs
#: by less than .01.
PENALTY: Final = 0.02
STEPS: Final = 300
#: What the short links of menus count beside blocks that were read, and how many of them a page has at most.
MENU_WEIGHT: Final = 0.1
MENU_LINKS: Final = 4
#: Blocks that rules know, of each label and page, that the lexicons are counted on at most.
KNOWN_BLOCKS: Final = 30
#: Of the pages that nobody read, one in so many is used for the lexicons.
UNREAD: Final = 4
#: A word is known from so many sites on; so many words are kept of each lexicon; the share of each label among all
#: words counts like so many sites.
LEAST_SITES: Final = 3
LEXICON_SIZE: Final = 2_500
PRIOR_SITES: Final = 3.0
#: A concept tells the label of a block where the lower bound of its precision is at least this; all concepts together
#: count like so many sites of each.
RELIABLE: Final = 0.7
POOLED_SITES: Final = 4.0

#: The intercept of a label that no reader gave.
UNSEEN: Final = -20.0

#: What an unread block is known by: the concept, and how it matched.
Key = tuple[str, Origin]
#: The key of short links in menus, of which nothing else is known.
SHORT_LINK: Final[Key] = ("navigation.area", Origin.ELEMENT)


class Known(NamedTuple):
    """The label of a block by its strongest evidence."""

    label: int
    key: Key


@dataclass(slots=True)
class NamingSample:
    """A page with names to learn from.

    ``rows`` (n_rows,) int64 are the removed blocks of which a label is known: ``read`` (n_rows,) int64 is the reader's,
    -1 for none, and ``known`` what rules say, None for nothing. ``of_block`` (n_rows,) bool tells whether a reader read
    the block, and not the same line in a text. ``words`` and ``names`` are the hashes of the words of each row, and of
    the names of the elements around it that hold no body.

    ``features``, ``decision`` and ``evidence`` are kept of pages that were read.
    """

    example: Example
    rows: Ints
    read: Ints
    of_block: Flags
    known: Sequence[Known | None]
    words: Sequence[Hashes]
    names: Sequence[Hashes]
    features: PageFeatures | None = None
    decision: Decision | None = None
    evidence: EvidenceByBlock = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the names of blocks agree with readers: pairs of the reader's label and the given one, and the shares of
    blocks of each page that agree.
    """

    pairs: Counter[tuple[Label, Label]]
    of_pages: Sequence[float]

    @property
    def blocks(self) -> float:
        """The share of blocks that agree."""
        return sum(n for (truth, name), n in self.pairs.items() if truth is name) / max(self.pairs.total(), 1)

    @property
    def pages(self) -> float:
        """The mean over pages of the share of blocks that agree."""
        return sum(self.of_pages) / max(len(self.of_pages), 1)

    def lines(self) -> list[str]:
        """The report: agreement, then precision and recall of each label, then the most frequent confusions."""
        agree = f"{self.blocks:.1%} agree, {self.pages:.1%} as a mean over pages"
        report = [
            f"{self.pairs.total()} blocks of {len(self.of_pages)} pages: {agree}",
            f"{'':14}{'read':>6}{'precision':>11}{'recall':>8}",
        ]
        for label in NAMES:
            read = sum(n for (truth, _), n in self.pairs.items() if truth is label)
            named = sum(n for (_, name), n in self.pairs.items() if name is label)
            right = self.pairs[label, label]
            report.append(f"{label:14}{read:6}{right / max(named, 1):11.2f}{right / max(read, 1):8.2f}")
        confused = [(n, truth, name) for (truth, name), n in self.pairs.most_common() if truth is not name]
        return report + [f"{n:5} {truth} called {name}" for n, truth, name in confused[:10]]


# -- pages ---------------------------------------------------------------------------------------


def sample(example: Example) -> NamingSample | None:
    """The names to learn from a page; None where there are none."""
    prepared = pipeline.prepare(Request(example.html, kind="html"), POLICY)
    page = replace(prepared.page, scripts=())  # megabytes that are not read here
    of_blocks, of_lines = _readings(example, [block.plain for block in page.blocks])
    readings = of_lines | of_blocks
    if not page.blocks or (not readings and _is_left_out(example)):
        return None
    decided = pipeline.decide_own(prepared, POLICY)
    if decided.scores.features is None:
        return None
    features, decision = replace(decided.scores.features, page=page), decided.decision
    evidence = (decided.scores.evidence or collect_evidence(prepared.matcher)).by_block
    with_structure = with_reasons(page, features, decision, evidence)
    short_links = is_short_link(features.first_stage)
    removed = removed_blocks(features, decision.body)
    known = {
        at: found
        for at in removed.rows.tolist()
        if at not in readings and (found := _known(with_structure[at], short_links, at))
    }
    chosen = [row for row, at in enumerate(removed.rows.tolist()) if at in readings or at in known]
    at = removed.rows[chosen]
    return NamingSample(
        example,
        at,
        np.array([NUMBER_OF[readings[row]] if row in readings else -1 for row in at.tolist()], np.int64),
        np.array([row in of_blocks for row in at.tolist()], bool),
        [known.get(row) for row in at.tolist()],
        _words_of(features, at),
        _names_of(features, removed, chosen),
        *((features, decision, evidence) if readings else ()),
    )


def _readings(example: Example, texts: Sequence[str]) -> tuple[dict[int, Label], dict[int, Label]]:
    """The residue labels that readers gave to blocks of the page, and to the same lines in a text. In a text the
    standfirst has the label of the headline, so ``title`` is not taken from there.
    """
    number = Counter(texts)
    of_blocks, of_lines = annotations.load_blocks(), annotations.load()
    blocks: dict[int, Label] = {}
    lines: dict[int, Label] = {}
    for at, mark in enumerate(annotations.fingerprints(example.corpus, example.id, texts)):
        if mark in of_blocks:
            _add_residue(blocks, at, of_blocks[mark].label)
        elif number[texts[at]] == 1:
            reading = of_lines.get(annotations.fingerprint(example.corpus, example.id, texts[at]))
            if reading and reading.label is not Label.TITLE:
                _add_residue(lines, at, reading.label)
    return blocks, lines


def _add_residue(labels: dict[int, Label], at: int, label: Label | None) -> None:
    if label is not None and label is not Label.BODY:
        labels[at] = label


def _is_left_out(example: Example) -> bool:
    """Whether an unread page is not used: a checksum decides, the same in each run."""
    return zlib.crc32(example.id.encode()) % UNREAD != 0


def _known(evidence: Sequence[Evidence], short_links: Flags, at: int) -> Known | None:
    """The label of a block by its strongest evidence: by its words, else by an element, else by what stands above. None
    where evidence of one kind disagrees, and where there is none.
    """
    wide = concepts_with_role("area") | concepts_with_role("box")
    residue = [e for e in evidence if e.label in NUMBER_OF and e.label is not Label.OTHER and e.name not in wide]
    for origins in ({Origin.WORDS, Origin.PAGE}, {Origin.ELEMENT}, {Origin.INHERITED}):
        pieces = [e for e in residue if e.origin in origins and (e.weight >= STRONG or e.origin is Origin.INHERITED)]
        if len({e.label for e in pieces}) > 1:
            return None
        if pieces:
            return Known(NUMBER_OF[pieces[0].label], (pieces[0].name, pieces[0].origin))
    if short_links[at] and any(e.name == SHORT_LINK[0] for e in evidence):
        return Known(NUMBER_OF[Label.NAVIGATION], SHORT_LINK)
    return None


def _words_of(features: PageFeatures, blocks: Ints) -> list[Hashes]:
    """The hashes of the words of each of some blocks."""
    words = features.words
    order = np.argsort(words.block, kind="stable")
    starts = np.searchsorted(words.block[order], np.arange(words.n_blocks + 1))
    return [np.unique(words.hashes[order[starts[at] : starts[at + 1]]]) for at in blocks.tolist()]


def _names_of(features: PageFeatures, removed: Removed, rows: Sequence[int]) -> list[Hashes]:
    """The hashes of the names of all elements around each of some removed blocks that hold no body."""
    names = features.class_names
    order = np.argsort(names.style, kind="stable")
    starts = np.searchsorted(names.style[order], np.arange(names.n_styles + 1))
    found = []
    for row in rows:
        styles = distinct(features.ancestors.style[removed.table[row][removed.in_region[row]]])
        parts = [names.hashes[order[starts[style] : starts[style + 1]]] for style in styles.tolist()]
        found.append(np.unique(np.concatenate([np.zeros(0, np.uint32), *parts])))
    return found


# -- what rules know -----------------------------------------------------------------------------


def reliable(samples: Sequence[NamingSample]) -> dict[Key, bool]:
    """For each concept and way of matching whether it tells the label of a block, by the blocks that were read.

    The share of blocks of a site that it is right about counts as one; the lower bound is that of
    :class:`cleaner.model.rule_precision.RulePrecision`.
    """
    right: dict[Key, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for made in samples:
        labels = dict(zip(made.rows.tolist(), made.read.tolist(), strict=True))
        for at, label in labels.items():
            if label >= 0 and made.evidence:
                for piece in made.evidence[at]:
                    if piece.label in NUMBER_OF:
                        key = piece.name, piece.origin
                        right[key][made.example.site].append(NUMBER_OF[piece.label] == label)
    sites = {key: [sum(blocks) / len(blocks) for blocks in of_sites.values()] for key, of_sites in right.items()}
    pooled = {
        origin: np.mean([share for key, shares in sites.items() if key[1] is origin for share in shares] or [0.5])
        for origin in Origin
    }
    return {key: _lower_bound(shares, float(pooled[key[1]])) >= RELIABLE for key, shares in sites.items()}


def _lower_bound(shares: Sequence[float], pooled: float) -> float:
    number = len(shares) + POOLED_SITES
    mean = (sum(shares) + POOLED_SITES * pooled) / number
    return mean - sqrt(mean * (1 - mean) / (number + 1))


def telling_concepts(known_by: Mapping[Key, bool]) -> frozenset[Key]:
    """The concepts that decide about the name of a block by an element around it, or by a heading above it."""
    without_words = {Origin.ELEMENT, Origin.INHERITED}
    known = {key for key, is_reliable in known_by.items() if key[1] in without_words and is_reliable}
    return frozenset(key for key in known if key[0] not in indecisive_concepts({}))


def indecisive_concepts(known_by: Mapping[Key, bool]) -> frozenset[str]:
    """The concepts that do not decide about the name of a block, though its own words match: those that were often
    wrong, and bylines, since the names and dates of comments and of other articles look the same.
    """
    bylines = {concept.name for concept in concepts().values() if concept.label is Label.BYLINE}
    return frozenset(
        bylines | {name for (name, origin), known in known_by.items() if origin is Origin.WORDS and not known}
    )


def lexicons(samples: Iterable[NamingSample], known_by: Mapping[Key, bool]) -> LabelLexicons:
    """What words and names say about labels, counted on the blocks whose label readers or rules know.

    Each site counts once for a word, with the shares of the labels of its blocks: log((n_label + k p) / ((n + k) p)),
    where n are the sites of the word, p is the share of the label among all words, and k is ``PRIOR_SITES``.
    """
    of_words: dict[str, list[tuple[int, Hashes]]] = defaultdict(list)
    of_names: dict[str, list[tuple[int, Hashes]]] = defaultdict(list)
    for made in samples:
        used: Counter[int] = Counter()
        for row, (label, known) in enumerate(zip(made.read.tolist(), made.known, strict=True)):
            by_rules = known and known_by.get(known.key, True) and used[known.label] < KNOWN_BLOCKS
            if label < 0 and not by_rules:
                continue
            counted = label if label >= 0 or known is None else known.label
            used[counted] += label < 0
            of_words[made.example.site].append((counted, made.words[row]))
            of_names[made.example.site].append((counted, made.names[row]))
    return LabelLexicons(_lexicon(of_words.values()), _lexicon(of_names.values()))


def _lexicon(sites: Iterable[Sequence[tuple[int, Hashes]]]) -> LabelLexicon:
    """The lexicon of the words of the blocks of each site."""
    hashes, shares = [np.zeros(0, np.uint32)], [np.zeros((0, len(NAMES)))]
    for blocks in sites:
        words = np.concatenate([block for _, block in blocks])
        labels = np.repeat([label for label, _ in blocks], [len(block) for _, block in blocks])
        of_site, number = np.unique(words, return_inverse=True)
        counts = np.zeros((len(of_site), len(NAMES)))
        np.add.at(counts, (number, labels), 1)
        roots = np.sqrt(counts)  # a menu of a hundred links is one finding, not a hundred
        hashes.append(of_site)
        shares.append(roots / np.maximum(roots.sum(axis=1, keepdims=True), 1e-9))
    known, number = np.unique(np.concatenate(hashes), return_inverse=True)
    sums = np.zeros((len(known), len(NAMES)))
    np.add.at(sums, number, np.concatenate(shares))
    if not len(known):
        return LabelLexicon.none()
    prior = (sums.sum(axis=0) + 1e-3) / (sums.sum() + 1e-3 * len(NAMES))
    kept = sums.sum(axis=1) >= LEAST_SITES
    known, sums = known[kept], sums[kept]
    n_sites = sums.sum(axis=1, keepdims=True)
    posterior = (sums + PRIOR_SITES * prior) / (n_sites + PRIOR_SITES)
    scores = np.log(posterior / prior)
    information = (n_sites * posterior * scores).sum(axis=1)
    best = np.sort(np.argsort(-information, kind="stable")[:LEXICON_SIZE])
    return LabelLexicon(known[best].astype(np.uint32), scores[best].astype(np.float32))


# -- the fit -------------------------------------------------------------------------------------


class Rows(NamedTuple):
    """Training rows: columns, labels, weights, and the fold of each row's page."""

    columns: Array
    labels: Ints
    weights: Floats
    folds: Ints


def rows(samples: Sequence[NamingSample], by_fold: Sequence[LabelLexicons]) -> Rows:
    """The rows of the pages that were read; the lexicons of each fold have not seen its pages."""
    columns: list[Array] = []
    found: list[tuple[int, float, int]] = []
    for made in samples:
        if made.features is None:
            continue
        fold = made.example.fold
        table = _columns(made, by_fold[fold])
        counts = Counter(made.read.tolist())
        menus = [row for row, known in enumerate(made.known) if known and known.key == SHORT_LINK]
        spread = menus[:: max(len(menus) // MENU_LINKS, 1)][:MENU_LINKS]
        for row, label in enumerate(made.read.tolist()):
            if label >= 0:
                columns.append(table[row])
                found.append((label, 1 / sqrt(counts[label]), fold))
            elif row in spread:
                without_rules = table[row].copy()
                without_rules[: len(KINDS) * len(NAMES)] = 0
                columns.append(without_rules)
                found.append((NUMBER_OF[Label.NAVIGATION], MENU_WEIGHT / sqrt(len(spread)), fold))
    labels, weights, folds = zip(*found, strict=True)
    return Rows(np.array(columns), np.array(labels), np.array(weights), np.array(folds))


def _columns(made: NamingSample, of_fold: LabelLexicons) -> Array:
    """The columns of the rows of a page that was read."""
    features, decision = made.features, made.decision
    if features is None or decision is None:
        raise ValueError("nobody read the page")
    removed = removed_blocks(features, decision.body)
    evidence = with_reasons(features.page, features, decision, made.evidence)
    table = naming_columns(features, removed, evidence, of_fold)
    return table[np.searchsorted(removed.rows, made.rows)]


def regression(train: Rows, of_pages: LabelLexicons, known_by: Mapping[Key, bool]) -> NamingWeights:
    """The regression fitted to these rows: scikit-learn's, multinomial, with an L2 penalty."""
    from sklearn.linear_model import LogisticRegression

    mean = train.columns.mean(axis=0)
    scale = train.columns.std(axis=0) + np.float32(1e-3)
    deviations = ((train.columns - mean) / scale).clip(-MAX_DEVIATIONS, MAX_DEVIATIONS)
    fitted = LogisticRegression(C=PENALTY, max_iter=STEPS, tol=1e-3).fit(
        deviations, train.labels, sample_weight=train.weights
    )
    coefficients = np.zeros((deviations.shape[1] + 1, len(NAMES)), np.float32)
    coefficients[-1] = UNSEEN
    coefficients[:-1, fitted.classes_] = fitted.coef_.T
    coefficients[-1, fitted.classes_] = fitted.intercept_
    deciding = indecisive_concepts(known_by), telling_concepts(known_by)
    return NamingWeights(of_pages, mean, scale, coefficients, *deciding)


def fit(examples: Sequence[Example], print_line: Callable[[str], Any] = print) -> NamingWeights:
    """The weights of names. Prints how they agree with readers, cross-validated by site."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [made for made in pool.map(sample, examples, chunksize=16) if made]
    known_by = reliable(samples)
    by_fold = [lexicons([s for s in samples if s.example.fold != fold], known_by) for fold in range(FOLDS)]
    train = rows(samples, by_fold)
    of_folds = [
        regression(Rows(*(part[train.folds != fold] for part in train)), by_fold[fold], known_by)
        for fold in range(FOLDS)
    ]
    measured = agreement(samples, of_folds)
    for line in measured.lines():
        print_line(line)
    telling = [f"{name} ({origin})" for name, origin in telling_concepts(known_by)]
    print_line(f"words that do not decide: {', '.join(sorted(indecisive_concepts(known_by)))}")
    print_line(f"elements and headings that decide: {', '.join(sorted(telling))}")
    provenance = {
        "corpora": corpus.digests(examples),
        "pages": sum(made.features is not None for made in samples),
        "rows": len(train.labels),
        "agreement": [round(measured.blocks, 4), round(measured.pages, 4)],
    }
    return replace(regression(train, lexicons(samples, known_by), known_by), provenance=provenance)


def agreement(samples: Iterable[NamingSample], of_folds: Sequence[NamingWeights]) -> Agreement:
    """How names agree with readers on the blocks that were read, by the weights of each page's fold."""
    pairs: Counter[tuple[Label, Label]] = Counter()
    of_pages: list[float] = []
    for made in samples:
        rows_read = np.flatnonzero((made.read >= 0) & made.of_block)
        if made.features is None or made.decision is None or not len(rows_read):
            continue
        weights = of_folds[made.example.fold]
        names = name_removed(made.features.page, made.features, made.decision, made.evidence, weights).labels
        of_page = [(NAMES[made.read[row]], names[made.rows[row]]) for row in rows_read.tolist()]
        pairs.update(of_page)
        of_pages.append(sum(truth is name for truth, name in of_page) / len(of_page))
    return Agreement(pairs, of_pages)
