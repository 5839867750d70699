"""The documentation of every column: meaning, unit, and why it is there. A test keeps the names complete.

An HTML page has the columns ``FIRST``, and in the second stage ``SECOND`` as well; a text has ``TEXT``. Every column is
float32 with one entry per block. The names are stored in the weights files.

Shares go from 0 to 1. Flags are 0 or 1. Scores are learned log-odds of body, positive for body. Distances are in blocks
or words. -1 stands for metadata that the page lacks. Words are counted as in :mod:`cleaner.text.charstats`. *Prose* is
a block of at least 15 words that ends a sentence, less than half of it linked. A *weighted* mean weights each block by
the square root of its words. *Main element*, *branch* and *group* are defined in :mod:`cleaner.features.containers`.
"""

from typing import Final

from cleaner.document import Label
from cleaner.features import second_stage, text_lines
from cleaner.features.containers import AREAS, LEVELS
from cleaner.features.profile import PAGE_TYPES

_LEVELS: Final = range(1, LEVELS + 1)
_NODES: Final = {1: "the innermost element", 2: "its parent", 3: "its grandparent"}
_ANCESTORS: Final = {1: "the parent", 2: "the grandparent", 3: "the great-grandparent"}


def _shift(by: int, unit: str = "block") -> str:
    """The name of a neighbour: ``the second block after it``."""
    count = {1: "", 2: "second ", 3: "third "}[abs(by)]
    return f"the {count}{unit} {'before' if by < 0 else 'after'} it"


def _shifts(radius: int) -> list[int]:
    return [by for by in range(-radius, radius + 1) if by]


#: The columns of the first stage.
FIRST: Final[dict[str, str]] = {
    # -- the form of the block
    "words": "words; body blocks are long, labels, links and captions short",
    "word_length": "characters a word; menus and codes differ from running text",
    "ended": "flag: ends a sentence, in any script; labels do not",
    "prose": "flag: is prose; hardly any residue is",
    "short": "flag: fewer than 6 words; readers notice short residue, word counts do not",
    "upper_share": "share of cased letters that are capitals; headings, agency marks, buttons",
    "digit_share": "share of characters that are digits; dates, prices, tables",
    "mark_share": "share of characters that are punctuation or symbols; credits, paths, separators",
    "capitals_a_word": "capitals a word; bylines, credits and menus consist of names",
    "commas": "number of commas; sentences have them",
    "starts": "code of the first character: 1 capital, 2 lower case, 3 digit, 4 quotation mark or dash, 5 uncased "
    "letter, 6 other",
    "ends": "code of the closing mark at the end, 0 for none; a colon announces something, a question mark asks",
    "quotes": "flag: has a quotation mark or guillemet; quoted speech is body",
    "bars": "number of | • · › /; separators of menus, credits and breadcrumbs",
    "money": "flag: has a currency sign; products, deals",
    "address": "number of @, plus 2 for a web address; contacts, handles",
    "link_share": "share of characters inside links; navigation is linked, prose is not",
    "links": "number of links with text",
    "media": "pictures and players since the previous block, at most 9; a caption follows one",
    "heading": "level of the heading, 0 for none",
    "item": "flag: is a list item or inside one",
    # -- its words
    "text_score": "sum of the scores of its words, pairs of words and first word, divided by the square root of their "
    "number",
    **{f"text_score_{by:+d}": f"text_score of {_shift(by)}" for by in _shifts(1)},
    "text_score_window2": "weighted mean of text_score over it and two blocks on each side; residue comes in runs",
    "text_score_window6": "the same over six blocks on each side",
    "text_score_window2_median": "weighted median of text_score_window2 over the page; pages differ in their level",
    "text_score_window2_high": "its weighted .9 quantile over the page",
    "text_score_window2_below_high": "text_score_window2 minus that quantile: distance from the page's best",
    "text_score_window2_rank": "share of the page with no higher text_score_window2, weighted",
    **{f"text_score_around_{n}": f"weighted mean text_score of all blocks in {_ANCESTORS[n]}" for n in _LEVELS},
    # -- its position
    "index": "number of blocks before it",
    "index_from_end": "number of blocks after it",
    "words_before": "share of the page's words before it",
    "prose_before": "share of the page's prose words before it; 0 above the article, 1 below",
    "prose_words_after": "number of prose words after it",
    "since_first_prose": "blocks since the first prose, negative before it, from -50 to 50",
    "since_last_prose": "blocks since the last prose, likewise",
    "between_prose": "flag: between the first and the last prose",
    **{
        f"{unit}_{way}_{what}": f"{unit} {text} {thing}, at most {most}, {most} for none; {why}"
        for unit, most in (("blocks", 50), ("words", 999))
        for way, text in (("since", "since the last"), ("until", "until the next"))
        for what, thing, why in (
            ("prose", "prose block", "residue stands in gaps"),
            ("heading", "heading", "the block right below one belongs to it"),
            ("title", "block that is the page's title or an h1", "the article begins below it"),
        )
    },
    "titles_before": "titles so far, itself included, at most 9; the second is often the next story's",
    "heading_text_score": "text_score of the last heading up to and including it, 0 for none",
    "heading_node_score": "node_score_sum of that heading; related boxes have headings of their own",
    "heading_level": "level of that heading",
    # -- its overlap with the page's metadata, and repetition
    "in_title": "share of its words that are in the page's title",
    "title_in": "share of the title's words that are in it; the headline is metadata",
    "in_description": "share of its words that are in the page's description",
    "description_in": "share of the description's words that are in it; the standfirst",
    "in_author": "share of its words that are in the author's name; bylines",
    "in_site": "share of its words that are in the site's name; mastheads",
    "times": "occurrences of its text on the page, at most 20; menus repeat",
    "before_same": "flag: the same text occurred before it",
    # -- the page, constant over its blocks
    "page_blocks": "number of blocks",
    "page_words": "number of words",
    "page_prose": "number of words of prose",
    "page_prose_share": "share of words that are prose; highest in articles",
    "page_prose_blocks": "number of prose blocks",
    "page_link_share": "share of characters inside links; lists and portals",
    "page_headings": "number of headings",
    "page_article": "1 for a JSON-LD type with 'article', plus 2 for BlogPosting, plus 4 for og:type article",
    "page_product": "flag: JSON-LD type with 'product'",
    "page_forum": "flag: JSON-LD type DiscussionForumPosting, QAPage or Question",
    "page_list": "flag: JSON-LD type ItemList or CollectionPage",
    "page_news": "flag: JSON-LD type NewsArticle",
    "page_webpage": "flag: JSON-LD type WebPage",
    "page_website": "flag: og:type website",
    "page_breadcrumb": "flag: JSON-LD type BreadcrumbList",
    "page_body": "words of the JSON-LD articleBody",
    "page_articles": "number of article elements, at most 50",
    "page_words_text_score": "mean text_score over the page's words",
    "page_words_node_score_sum": "mean node_score_sum over the page's words, each cut off at -8 and 8",
    "page_words_heading": "mean heading level over the page's words",
    "page_words_item": "share of words in lists",
    "page_words_short": "share of words in short blocks",
    "page_words_tag1": "share of words in paragraphs",
    "page_words_tag3": "share of words in table cells",
    "page_blocks_money": "share of blocks with a currency sign; shops",
    **{
        f"type_{name}": f"probability that the page is of type {name}; types differ in what counts as body"
        for name in PAGE_TYPES
    },
    # -- the elements around it
    **{f"in_{tag}": f"flag: inside a {tag} element" for tag in AREAS},
    "tag": "code of its tag: 1 p, 2 li, 3 td or th, 4 dd … (containers.TAG_KINDS), 0 other",
    "inline": "flag: all of its text is in one inline element, such as a link or bold type",
    "depth": "number of ancestors of its innermost element",
    "hidden": "flag: hidden by attribute or style",
    "article": "number of the article element that it is in, 1 for the page's first, 0 for none; the second is often "
    "the next story",
    "standfirst": "flag: a class or id of its element, or of one above with three blocks at most, names a standfirst",
    **{f"prose_share_{n}": f"share of the page's prose in {_NODES[n]}; the article holds most" for n in _LEVELS},
    **{f"link_share_{n}": f"share of the characters of {_NODES[n]} that are linked" for n in _LEVELS},
    **{f"blocks_{n}": f"number of blocks in {_NODES[n]}, at most 500" for n in _LEVELS},
    **{
        f"alike_{n}": f"number of siblings with the tag and classes of {_NODES[n]}, itself included, at most 100; "
        "cards, items, posts"
        for n in _LEVELS
    },
    "branch_prose_share": "share of the page's prose in its branch",
    "branch_words": "number of words in its branch",
    "branch_link_share": "share of characters of its branch that are linked",
    "branch_blocks": "number of blocks in its branch, at most 500",
    "branch_levels": "levels from its innermost element up to its branch",
    # -- its groups: same tag and classes (style), the parent's as well (place), three ancestors' as well (path)
    **{
        f"{group}_{name}": f"{text} the blocks of its {group}"
        for group in ("style", "place", "path")
        for name, text in (
            ("prose_share", "share of the page's prose in"),
            ("share", "share of the page's words in"),
            ("blocks", "number, at most 200, of"),
            ("words", "mean words of"),
            ("link_share", "share of characters inside links in"),
        )
    },
    "path_text_score": "mean text_score of the blocks of its path",
    "path_spread": "blocks from the first to the last of its path, divided by their number; 1 for one run of blocks",
    # -- the learned scores of tags, classes and ids
    "node_score_sum": "sum of the scores of the tags, classes and ids of all elements around it",
    "node_score_min": "lowest score of one of these elements: one name is enough to tell residue",
    "node_score_max": "highest score of one of these elements",
    **{f"node_score_{n}": f"score of {_NODES[n]}" for n in _LEVELS},
    "node_score_prose": "mean node_score_sum over the page's prose; sites differ in their level",
    "node_score_from_prose": "node_score_sum minus that mean",
    **{f"node_score_sum_{by:+d}": f"node_score_sum of {_shift(by)}" for by in _shifts(1)},
    "node_score_sum_window2": "weighted mean of node_score_sum over it and two blocks on each side",
    "node_score_sum_window6": "the same over six blocks on each side",
    "node_score_sum_median": "weighted median of node_score_sum over the page",
    "node_score_sum_high": "its weighted .9 quantile over the page",
    "node_score_sum_below_high": "node_score_sum minus that quantile",
    "node_score_sum_rank": "share of the page with no higher node_score_sum, weighted",
}

#: The columns that the second stage has besides. A probability here is the first stage's, of body.
SECOND: Final[dict[str, str]] = {
    "first": "the first stage's log-odds of body",
    **{f"first_{by:+d}": f"probability of {_shift(by)}, -1 for none" for by in _shifts(second_stage.NEIGHBOURS)},
    **{f"first_window{n}": f"weighted mean probability over it and {n} blocks on each side" for n in (2, 6, 20)},
    **{f"first_around_{n}": f"weighted mean probability of all blocks in {_ANCESTORS[n]}" for n in _LEVELS},
    **{
        f"first_{group}": f"weighted mean probability of the blocks of its {group}"
        for group in ("style", "place", "path")
    },
    "first_page": "share of the page's words that are expected to be body",
    "first_page_words": "number of words that are expected to be body",
    "first_page_doubt": "expected body words in blocks with a probability from .1 to .9, as a share of all of them",
    "first_rank": "words in blocks with a higher probability, divided by the words expected to be body; above 1 the "
    "body is complete without it",
    "blocks_since_body": "blocks since the last one with a probability of at least .5, 50 for none",
    "blocks_until_body": "blocks until the next such one",
    "words_since_body": "words since that last one, 999 for none",
    "words_until_body": "words until that next one",
    "body_before": "share of the words of such blocks that are before it",
    **{
        f"rule_{label}": f"highest weight of a rule for {label}, log-odds, at most 10; 0 where rules were not run"
        for label in Label
    },
    "rule_residue": "highest weight of a rule for any residue label",
    **{f"rule_residue_{by:+d}": f"rule_residue of {_shift(by)}" for by in _shifts(1)},
    "rule_window2": "mean rule_residue over it and two blocks on each side",
    "rule_window6": "the same over six blocks on each side",
    "rule_since_prose": "sum of rule_residue since the last prose; residue comes in runs",
    "rule_until_prose": "sum of rule_residue until the next prose",
    # -- its region and section (features.regions): a thread, a rail, what stands under a heading
    "region_share": "share of the words that are expected to be body that its region holds",
    "in_article_element": "flag: in the innermost element that holds half of the words expected to be body",
    "since_article_element": "blocks since the last one in that element, negative before it, from -200 to 200",
    **{
        f"{group}_{name}": f"{text} the blocks of its {group}"
        for group in ("region", "section")
        for name, text in (
            ("score", "weighted mean probability of"),
            ("words", "words of"),
            ("blocks", "number, at most 200, of"),
            ("link_share", "share of characters inside links in"),
            ("rules", "mean rule_residue of"),
            ("comments", "mean rule_comment of"),
        )
    },
    "section_heading": "probability of the heading above it, -1 for none",
    "section_heading_rule": "rule_residue of that heading",
}

_SHARED: Final = (
    "words word_length ended prose short upper_share digit_share mark_share capitals_a_word commas starts ends quotes "
    "bars money address link_share links media heading item index index_from_end words_before prose_before "
    "prose_words_after since_first_prose since_last_prose between_prose times before_same page_blocks page_words "
    "page_prose_share page_prose_blocks page_headings page_link_share"
).split()
_RULES: Final = (
    "rule_residue rule_residue_-1 rule_residue_+1 rule_window2 rule_window6 rule_since_prose rule_until_prose"
).split()
_NEIGHBOUR_REASONS: Final = {
    "words": "words, at most 60, of {}; residue stands beside residue, a caption above its credit",
    "ended": "flag: {} ends a sentence",
    "item": "flag: {} is a list item; a list goes or stays as a whole",
    "upper_share": "share of capitals of {}; credits and labels come in runs",
    "heading": "level of the heading of {}",
    "starts": "code of the first character of {}",
}

#: The columns of a text: those that it shares with pages, and its own. A neighbour that does not exist has -1.
TEXT: Final[dict[str, str]] = {
    **{name: FIRST[name] for name in _SHARED},
    **{
        f"{unit}_{way}_{what}": FIRST[f"{unit}_{way}_{what}"]
        for unit in ("blocks", "words")
        for way in ("since", "until")
        for what in ("prose", "heading")
    },
    **{f"rule_{label}": SECOND[f"rule_{label}"] for label in Label},
    **{name: SECOND[name] for name in _RULES},
    "rule_number": "pieces of evidence for any residue label; two rules that agree are surer than one",
    "page_rules": "share of lines with a rule of weight 4 or more for residue; how dirty the text is",
    **{
        f"{unit}_{way}_closed": f"{unit} {text} line that ends a sentence, at most {most}, {most} for none"
        for unit, most in (("blocks", 50), ("words", 999))
        for way, text in (("since", "since the last"), ("until", "until the next"))
    },
    **{
        f"{name}_{by:+d}": _NEIGHBOUR_REASONS[name].format(_shift(by, "line"))
        for name, radius in text_lines.NEIGHBOURS.items()
        for by in _shifts(radius)
    },
    "page_open": "share of lines that end no sentence; many in lists, tables and specifications, which are content",
    "page_items": "share of lines that are list items",
    "page_short": "share of lines that are short",
    "page_quotes": "share of lines with quotation marks; reports and interviews",
    "page_median_words": "median number of words of a line",
}
