"""What every column is, in which unit, and why it is there: the documentation of the features, kept complete by a test.

Pages have ``FIRST`` and ``SECOND``, for the two stages of their model; texts have ``TEXT``.

Shares go from 0 to 1, flags are 0 or 1, scores are log-odds of body, distances are in blocks or words, and -1 stands
for "the page does not say". Words are counted as in :mod:`cleaner.text.charstats`; "prose" is a closed block of at
least 15 words with few links. "Root weights" means that a block counts by the root of its words.
"""

from typing import Final

from cleaner.document import Label
from cleaner.features.containers import AREAS, LEVELS
from cleaner.features.profile import PAGE_TYPES
from cleaner.features.second_stage import NEAR
from cleaner.features.text_lines import NEAR as NEIGHBOURS

_LEVELS: Final = range(1, LEVELS + 1)

#: The first stage's columns: what each is, unit, and why.
FIRST: Final[dict[str, str]] = {
    # -- the block's own form
    "words": "words; long blocks are body, short ones labels, links, captions",
    "word_length": "characters a word; menus and codes differ from running text",
    "ended": "flag: ends in a full stop or the like, also of other scripts; sentences do, labels do not",
    "prose": "flag: is prose; hardly any residue has the form of it",
    "short": "flag: fewer than 6 words; what readers see at once and word counts do not",
    "upper_share": "share of cased letters that are capitals; headings, agency marks, buttons",
    "digit_share": "share of characters that are digits; dates, prices, tables",
    "mark_share": "share of characters that are punctuation or signs; credits, paths, separators",
    "capitals_a_word": "capitals by words; names in a row are bylines, credits, menus",
    "commas": "number; sentences have them",
    "starts": "kind of the first character: 1 capital, 2 small, 3 digit, 4 quote or dash, 5 uncased letter, 6 other",
    "ends": "which closing mark the block ends with, 0 none; a colon announces, a question mark asks",
    "quotes": "flag: has a quotation mark or guillemet; speech is body",
    "bars": "number of | • · › /; separators of menus, credits and breadcrumbs",
    "money": "flag: has a currency sign; products, deals",
    "address": "number of @, plus 2 for a web address; contacts, handles",
    "link_share": "share of characters inside links; navigation is linked, prose is not",
    "links": "number of links with text",
    "media": "pictures and players since the block before, 9 at most; a caption follows one",
    "heading": "level of the heading, 0 for none",
    "item": "flag: a list's item or inside of one",
    # -- its words
    "text_score": "score of its words, pairs of words and first word, by the root of their number; what it talks like",
    "text_score_-1": "that of the block before",
    "text_score_+1": "that of the block behind",
    "text_score_window2": "mean over the two blocks on each side and itself, root weights; runs of residue",
    "text_score_window6": "the same over six",
    "text_score_window2_median": "its median over the page, root weights: pages differ in how they talk",
    "text_score_window2_high": "its upper tenth over the page",
    "text_score_window2_below_high": "difference from that, in log-odds: how far from the page's best",
    "text_score_window2_rank": "share of the page below it, root weights",
    **{f"text_score_around_{n}": f"mean text score of all that the element {n} up holds" for n in _LEVELS},
    # -- where it stands
    "index": "blocks before it",
    "index_from_end": "blocks behind it",
    "words_before": "share of the page's words before it",
    "prose_before": "share of the page's prose words before it; 0 above the article, 1 below",
    "prose_words_after": "prose words behind it",
    "since_first_prose": "blocks since the first prose, 50 at most, negative before it",
    "since_last_prose": "blocks since the last prose, likewise",
    "between_prose": "flag: between the first and the last prose",
    **{
        f"{unit}_{way}_{what}": f"{unit} {text} {thing}, {'50' if unit == 'blocks' else '999'} where there is none"
        for unit in ("blocks", "words")
        for way, text in (("since", "since the last"), ("until", "until the next"))
        for what, thing in (
            ("prose", "prose; residue stands in gaps"),
            ("heading", "heading; what stands right below one belongs to it"),
            ("title", "title of the page or h1; the article begins below it"),
        )
    },
    "titles_before": "titles so far, itself included, 9 at most; the second is often the next story",
    "heading_text_score": "text score of the heading above it (of itself where it is one), 0 for none",
    "heading_node_score": "node score sum of that heading; related boxes have headings of their own",
    "heading_level": "level of that heading",
    # -- what the page says of itself
    "in_title": "share of its words that stand in the page's title",
    "title_in": "share of the title's words that stand in it; the headline is metadata",
    "in_description": "share of its words that stand in the page's description",
    "description_in": "share of the description's words that stand in it; the standfirst",
    "in_author": "share of its words that stand in the author's name; bylines",
    "in_site": "share of its words that stand in the site's name; mastheads",
    "times": "how often its text stands on the page, 20 at most; menus repeat",
    "before_same": "flag: its text stood there before",
    # -- the page, the same for all blocks
    "page_blocks": "blocks",
    "page_words": "words",
    "page_prose": "words of prose",
    "page_prose_share": "share of words that are prose; articles have most",
    "page_prose_blocks": "prose blocks",
    "page_link_share": "share of characters inside links; lists and portals",
    "page_headings": "headings",
    "page_article": "1 for a JSON-LD type with 'article', plus 2 for BlogPosting, plus 4 for og:type article",
    "page_product": "flag: JSON-LD type with 'product'",
    "page_forum": "flag: DiscussionForumPosting, QAPage, Question",
    "page_list": "flag: ItemList, CollectionPage",
    "page_news": "flag: NewsArticle",
    "page_webpage": "flag: WebPage",
    "page_website": "flag: og:type website",
    "page_breadcrumb": "flag: BreadcrumbList",
    "page_body": "words of the page's own copy of its text",
    "page_articles": "article elements, 50 at most",
    "page_words_text_score": "mean text score over the words",
    "page_words_node_score_sum": "mean node score over the words, each from -8 to 8",
    "page_words_heading": "mean heading level over the words",
    "page_words_item": "share of words in lists",
    "page_words_short": "share of words in short blocks",
    "page_words_tag1": "share of words in paragraphs",
    "page_words_tag3": "share of words in table cells",
    "page_blocks_money": "share of blocks with a currency sign; shops",
    **{
        f"type_{name}": f"probability that the page is of type {name}: what counts as body differs"
        for name in PAGE_TYPES
    },
    # -- the elements around it
    **{f"in_{tag}": f"flag: inside a {tag} element" for tag in AREAS},
    "tag": "kind of its element: 1 p, 2 li, 3 td or th, 4 dd … (elements.TAG_KINDS), 0 other",
    "inline": "flag: all of its text is inside one inline element, such as a link or bold type",
    "depth": "elements around it",
    "hidden": "flag: hidden by attribute or style",
    "article": "which of the page's article elements it is in, 0 none; the second is often the next story",
    "standfirst": "flag: its element's class or id names a standfirst",
    **{
        f"prose_share_{n}": f"share of the page's prose that the element {n - 1} up holds; the article holds most"
        for n in _LEVELS
    },
    **{f"link_share_{n}": f"share of the characters of the element {n - 1} up that are linked" for n in _LEVELS},
    **{f"blocks_{n}": f"blocks of the element {n - 1} up, 500 at most" for n in _LEVELS},
    **{
        f"alike_{n}": f"siblings of the element {n - 1} up with its tag and classes, 100 at most; cards, items, posts"
        for n in _LEVELS
    },
    "branch_prose_share": "share of the page's prose in the largest element around it that holds less than half",
    "branch_words": "words of that element",
    "branch_link_share": "share of its characters that are linked",
    "branch_blocks": "its blocks, 500 at most",
    "branch_levels": "how many levels up it is",
    # -- what looks like it: the same tag and classes (style), with the parent's (place), with three elements up (path)
    **{
        f"{group}_{name}": f"{text} the blocks of its {group}"
        for group in ("style", "place", "path")
        for name, text in (
            ("prose_share", "share of the page's prose in"),
            ("share", "share of the page's words in"),
            ("blocks", "number, 200 at most, of"),
            ("words", "mean words of"),
            ("link_share", "share of characters inside links in"),
        )
    },
    "path_text_score": "mean text score of the blocks of its path",
    "path_spread": "blocks from the first to the last of its path, by their number; 1 where they stand in one run",
    # -- learned scores of classes and ids
    "node_score_sum": "sum of the scores of the classes, ids and tags around it; what the site calls it",
    "node_score_min": "the lowest of them: one telling element is enough",
    "node_score_max": "the highest",
    **{f"node_score_{n}": f"that of the element {n - 1} up" for n in _LEVELS},
    "node_score_prose": "mean node score of the page's prose; sites differ in their level",
    "node_score_from_prose": "difference from that",
    "node_score_sum_-1": "node score of the block before",
    "node_score_sum_+1": "node score of the block behind",
    "node_score_sum_window2": "mean over two blocks on each side and itself, root weights",
    "node_score_sum_window6": "the same over six",
    "node_score_sum_median": "its median over the page, root weights",
    "node_score_sum_high": "its upper tenth over the page",
    "node_score_sum_below_high": "difference from that",
    "node_score_sum_rank": "share of the page below it, root weights",
}

#: The columns that the second stage has besides.
SECOND: Final[dict[str, str]] = {
    "first": "the first stage's log-odds of body",
    **{
        f"first_{at:+d}": f"its probability for the block {abs(at)} {'before' if at < 0 else 'behind'}, -1 for none"
        for at in range(-NEAR, NEAR + 1)
        if at
    },
    **{
        f"first_window{n}": f"mean probability over {n} blocks on each side and itself, root weights"
        for n in (2, 6, 20)
    },
    **{f"first_around_{n}": f"mean probability of all that the element {n} up holds, root weights" for n in _LEVELS},
    **{
        f"first_{group}": f"mean probability of the blocks of its {group}, root weights"
        for group in ("style", "place", "path")
    },
    "first_page": "share of the page's words that are expected to be body",
    "first_page_words": "words that are expected to be body",
    "first_page_doubt": "words with a probability from .1 to .9, by the words expected to be body",
    "first_rank": "words with a higher probability, by the words expected to be body; beyond 1 the body is complete",
    "blocks_since_body": "blocks since the last one with a probability of at least .5, 50 for none",
    "blocks_until_body": "blocks until the next such one",
    "words_since_body": "words since then, 999 for none",
    "words_until_body": "words until then",
    "body_before": "share of the words of such blocks that stand before it",
    **{f"rule_{label}": f"surest weight that rules give it for {label}, log-odds, 10 at most" for label in Label},
    "rule_residue": "surest weight that rules give it for any residue",
    "rule_residue_-1": "that of the block before, 0 where nobody listened",
    "rule_residue_+1": "that of the block behind",
    "rule_window2": "mean over two blocks on each side and itself",
    "rule_window6": "the same over six",
    "rule_since_prose": "sum since the last prose; residue comes in runs",
    "rule_until_prose": "sum until the next prose",
}

_SHARED: Final = (
    "words word_length ended prose short upper_share digit_share mark_share capitals_a_word commas starts ends quotes "
    "bars money address link_share links media heading item index index_from_end words_before prose_before "
    "prose_words_after since_first_prose since_last_prose between_prose times before_same page_blocks page_words "
    "page_prose_share page_prose_blocks page_headings page_link_share"
).split()
_RULES: Final = (
    "rule_residue rule_residue_-1 rule_residue_+1 rule_window2 rule_window6 rule_since_prose rule_until_prose"
)
_ASKED: Final = {
    "words": "words, 60 at most; residue stands beside residue, and a caption above its credit",
    "ended": "flag: ends a sentence",
    "item": "flag: a list's item; a list goes or stays as a whole",
    "upper_share": "share of capitals; credits and labels come in runs",
    "heading": "level of the heading",
    "starts": "kind of the first character",
}

#: The columns of a text's lines: those that it shares with pages, and its own.
TEXT: Final[dict[str, str]] = {
    **{name: FIRST[name] for name in _SHARED},
    **{
        f"{unit}_{way}_{what}": FIRST[f"{unit}_{way}_{what}"]
        for unit in ("blocks", "words")
        for way in ("since", "until")
        for what in ("prose", "heading")
    },
    **{f"rule_{label}": SECOND[f"rule_{label}"] for label in Label},
    **{name: SECOND[name] for name in _RULES.split()},
    "rule_number": "pieces of evidence for any residue; two rules that agree are surer than one",
    "page_rules": "share of lines that a rule is sure about; how dirty the text is",
    **{
        f"{unit}_{way}_closed": f"{unit} {text} line that ends a sentence; residue comes in runs of others"
        for unit in ("blocks", "words")
        for way, text in (("since", "since the last"), ("until", "until the next"))
    },
    **{
        f"{name}_{at:+d}": f"of the line {abs(at)} {'before' if at < 0 else 'behind'}, -1 for none: {_ASKED[name]}"
        for name, reach in NEIGHBOURS.items()
        for at in range(-reach, reach + 1)
        if at
    },
    "page_open": "share of lines that end no sentence; lists, tables and specifications have many, and are content",
    "page_items": "share of lines that are a list's item",
    "page_short": "share of short lines",
    "page_quotes": "share of lines with quotation marks; reports and interviews",
    "page_median_words": "median words of a line",
}
