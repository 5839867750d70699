"""The features of an HTML page: one row per block, one named column per feature.

The columns of a group are computed for all blocks of a page at once. :mod:`cleaner.features.columns` documents every
column. The trees in the weights file name the columns that they use, so a column that they do not use can be added
without a new fit.

The model has two stages, and so have the columns. The **first stage** sees every block and needs no rules: the block's
form and position, the elements around it, and learned scores of their classes and of its words. The **second stage**
sees the blocks on which the first is in doubt, with two further groups of columns: the evidence of rules, and the
first stage's scores of the blocks around.

The type of the page is predicted by the model from the page's profile, and enters the columns in a second step, so
that features never call the model::

    features = compute_features(page, prose_map, weights.lexicons)
    features = features.with_page_types(weights.page_types(features.profile))
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaner.document import Evidence
from cleaner.features import containers, context, form, position, profile, regions, second_stage, type_facts
from cleaner.features.ancestors import AncestorTable
from cleaner.features.blockwords import BlockWords
from cleaner.features.classnames import ClassNames
from cleaner.features.containers import Groups, Tags
from cleaner.features.hashing import Lexicons
from cleaner.features.measures import Measures
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Floats, Ints, constant
from cleaner.text.odds import probability


@dataclass(frozen=True, slots=True)
class PageFeatures:
    """The features of one page.

    Fields:

    - ``first_stage``: the columns of the first stage, each ``(n_blocks,) float32``. The ``type_…`` columns are missing
      until :meth:`with_page_types` adds them.
    - ``words``, ``class_names``: the tokens of the blocks, and of the styles of the page's elements.
    - ``profile``: ``(n_profile,) float64``, the numbers of :data:`cleaner.features.profile.NAMES`.
    - ``page_types``: ``(n_types,) float64``, the probability of each of :data:`cleaner.features.profile.PAGE_TYPES`;
      None before :meth:`with_page_types`.
    """

    page: Page
    prose_map: ProseMap
    measures: Measures
    ancestors: AncestorTable
    groups: Groups
    first_stage: Columns
    words: BlockWords
    class_names: ClassNames
    profile: Floats
    page_types: Floats | None = None

    @property
    def page_type(self) -> str:
        """The most probable type of the page; "" before :meth:`with_page_types`."""
        return "" if self.page_types is None else profile.PAGE_TYPES[int(self.page_types.argmax())]

    def with_page_types(self, page_types: Floats) -> "PageFeatures":
        """The same features with the probabilities of the page types, ``(n_types,) float64``, as columns."""
        columns = self.first_stage | profile.type_columns(page_types, len(self.page.blocks))
        return replace(self, first_stage=columns, page_types=page_types)

    def second_stage(self, log_odds: Array, doubtful: Ints, evidence: Sequence[Sequence[Evidence]]) -> Columns:
        """The columns of the second stage, those of the first included: each ``(n_blocks,) float32``.

        ``log_odds`` ``(n_blocks,) float32`` are the first stage's, of body. ``doubtful`` ``(n_doubtful,) int64`` are
        the indices of the blocks on which rules were run, ``evidence`` what they gave, an entry for each of these.
        """
        columns = second_stage.rule_columns(evidence, doubtful, len(log_odds))
        score = probability(log_odds)
        columns |= second_stage.rule_context_columns(columns["rule_residue"], self.measures)
        columns |= second_stage.first_stage_columns(log_odds, score, self.measures)
        columns |= second_stage.container_columns(score, self.ancestors, self.groups, self.measures)
        columns |= regions.region_columns(score, columns, self.ancestors, self.measures)
        return self.first_stage | columns


def compute_features(page: Page, prose_map: ProseMap, lexicons: Lexicons) -> PageFeatures:
    """The features of a page with at least one block, without the page types."""
    n_blocks = len(page.blocks)
    measures = Measures.of(prose_map)
    words = BlockWords(page)
    class_names = ClassNames(page.elements.styles)
    ancestors = AncestorTable(page)
    tags, looks = Tags.of(page), class_names.looks()
    groups = containers.block_groups(tags, ancestors, looks)
    text_score = words.score(lexicons.words)
    columns = form.block_columns(page, prose_map, measures)
    columns |= form.repetition(page)
    columns |= form.metadata_overlap(words)
    columns |= position.columns(prose_map, measures)
    is_title = form.is_title(columns, words)
    flags = {"prose": measures.is_prose, "heading": measures.is_heading, "title": is_title}
    columns |= position.distances(flags, measures)
    columns |= position.titles_before(is_title)
    columns |= containers.area_columns(page, tags, ancestors)
    columns |= containers.container_columns(ancestors, looks, text_score, measures)
    columns |= containers.group_columns(groups, text_score, measures)
    columns |= containers.class_score_columns(class_names.score(lexicons.class_names), ancestors, measures)
    columns |= containers.standfirst_column(class_names.standfirst(), ancestors)
    scores = {"text_score": text_score, "node_score_sum": columns["node_score_sum"]}
    columns |= scores | context.windows(scores, measures)
    columns |= context.relative_to_page(
        {name: columns[name] for name in ("text_score_window2", "node_score_sum")}, measures
    )
    of_heading = {"text_score": text_score, "node_score": columns["node_score_sum"], "level": columns["heading"]}
    columns |= context.of_heading(of_heading, measures.is_heading)
    columns |= constant(form.page_facts(page, measures), n_blocks)
    row = profile.profile(columns, type_facts.type_facts(page, prose_map, measures))
    columns |= profile.profile_columns(row, n_blocks)
    return PageFeatures(page, prose_map, measures, ancestors, groups, columns, words, class_names, row)
