"""The command ``cleaner rules``: checks packs, shows what a pack changes on pages, and lists the library's rules."""

import argparse
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, get_args

from cleaner import rules
from cleaner.api import Cleaner
from cleaner.cli.options import FAILED, OK, USAGE, Parser, file_name, print_line, read_input, say
from cleaner.document import Document, Label
from cleaner.errors import CleanerError, PackError
from cleaner.export.changes import changes
from cleaner.export.lines import shorten, strongest
from cleaner.reading.language import check_language
from cleaner.reading.source import MAX_SIZE, Kind
from cleaner.rules import check
from cleaner.rules.packs import renamed
from cleaner.text.characters import one_line
from cleaner.text.data_files import read_data

#: Columns of a block's text, and pieces of its evidence, that are shown.
TEXT: Final = 60
EVIDENCE: Final = 3
#: The name of a pack while its examples are tried: a changed copy of a file of the library has a name that is in use.
TRIED: Final = "tried"

_EPILOG: Final = """\
examples:
  cleaner rules check site.toml
  cleaner rules test site.toml page.html
  cleaner rules list --lang de --label subscription

exit codes:
  0    every example holds; every page was read
  1    an example does not hold, or a page could not be read
  2    a pack cannot be used, or the command line is wrong
"""


def main(argv: Sequence[str]) -> int:
    """The exit code of the command run with the arguments that follow ``cleaner rules``."""
    options = parser().parse_args(argv)
    if options.command == "check":
        return max(_check(name) for name in options.packs)
    if options.command == "test":
        return _test(options)
    _list(options.lang, options.label)
    return OK


# -- check -------------------------------------------------------------------------------------------


def _check(name: str) -> int:
    """Prints the examples of a pack that do not hold."""
    try:
        pack = rules.read(name, check_examples=False)
    except PackError as error:
        _complain(error)
        return USAGE
    failures = 0
    for rule in pack.rules:
        for failure in chain(_untried_patterns(pack, rule), _failures(pack, rule)):
            failures += 1
            print_line(f"{pack.origin}: [{rule.concept.name}] {failure}")
    if untested := [rule.concept.name for rule in pack.rules if not (rule.yes or rule.no)]:
        print_line(f"{pack.origin}: nothing was tested of {', '.join(untested)}: no examples (yes, no)")
    examples = _count(sum(len(rule.yes) + len(rule.no) for rule in pack.rules), "example")
    print_line(f"{pack.origin}: {examples} of {_count(len(pack.rules), 'rule')}, {failures or 'none'} failed")
    return FAILED if failures else OK


def _untried_patterns(pack: rules.Pack, rule: rules.Rule) -> Iterator[str]:
    """The patterns of a file of the library that match none of its examples; those of users need none."""
    if _has_name_of_library(pack):
        for pattern in check.patterns_without_yes(rule):
            yield f"pattern '{pattern.text}' matches no yes"


def _failures(pack: rules.Pack, rule: rules.Rule) -> Iterator[check.Failure]:
    """The examples of a rule that do not hold: alone, and then inside an article of the pack's language."""
    alone = list(check.example_failures(rule))
    yield from alone
    language = pack.language if pack.language in check.articles() else "en"
    cleaner = Cleaner() if _is_of_library(pack) else Cleaner(packs=[renamed(pack, TRIED)])

    def label(source: str) -> Document:
        return cleaner.label(source, url=_address(pack), lang=language, kind="text")

    known = {(failure.kind, failure.text) for failure in alone}
    for failure in check.article_failures(rule, label, check.articles()[language]):
        if (failure.kind, failure.text) not in known:
            yield failure


def _has_name_of_library(pack: rules.Pack) -> bool:
    return pack.name in ("shared", *rules.languages())


def _is_of_library(pack: rules.Pack) -> bool:
    """Whether a pack is a file of the library, whose rules apply in any case."""
    if not _has_name_of_library(pack):
        return False
    return Path(pack.origin).read_bytes() == read_data("cleaner.rules", f"data/{pack.name}.toml")


def _address(pack: rules.Pack) -> str | None:
    """An address for which a pack holds."""
    return f"https://{pack.hosts[0]}/" if pack.hosts else None


# -- test --------------------------------------------------------------------------------------------


def _test(options: argparse.Namespace) -> int:
    """Prints what a pack changes on pages, and its rules that match nothing on them."""
    try:
        if options.lang:
            check_language(options.lang)
        pack = rules.read(options.pack)
        without, cleaner = Cleaner(), Cleaner(packs=[pack])
    except ValueError as error:  # a PackError is one as well
        _complain(error)
        return USAGE
    facts = {"url": options.url or _address(pack), "lang": options.lang, "kind": options.kind}
    documents = []
    for name in options.pages:
        try:
            source = read_input(name, MAX_SIZE)
            before, after = without.label(source, **facts), cleaner.label(source, **facts)
        except CleanerError as error:
            _complain(f"{name}: {error}")
            continue
        documents.append(after)
        for line in _changes(before, after):
            print_line(f"{name}: {line}")
    for rule in cleaner.unmatched(documents) if documents else ():
        print_line(f"{pack.origin}: {rule} matched nothing")
    return OK if len(documents) == len(options.pages) else FAILED


def _changes(before: Document, after: Document) -> Iterator[str]:
    """A line for each block whose fate or label a pack changes, then for each flag that it adds."""
    changed = changes(before, after)
    for change in changed:
        evidence = strongest(change.block)[:EVIDENCE]
        text = shorten(change.block.text, TEXT)
        yield f"{change.before} → {change.after}: {text}  {'  '.join(map(str, evidence))}"
    if not changed:
        yield f"no change in {_count(len(after.blocks), 'block')}"
    for flag in after.flags:
        if flag not in before.flags:
            yield f"flag {flag}"


# -- list --------------------------------------------------------------------------------------------


def _list(language: str | None, label: str | None) -> None:
    """Prints a line for each concept of the library: its name, its strength, its rules, and what it is."""
    names = ("shared", *rules.languages()) if language is None else (language,)
    by_concept: dict[str, list[rules.Rule]] = {}
    for name in names:
        for rule in rules.bundled(name).rules:
            by_concept.setdefault(rule.concept.name, []).append(rule)
    shown = [
        concept
        for concept in rules.concepts().values()
        if (label is None or concept.label == label) and (language is None or concept.name in by_concept)
    ]
    width = max((len(concept.name) for concept in shown), default=0)
    for concept in shown:
        size = _size(by_concept.get(concept.name, []), by_pack=language is None)
        print_line(f"{concept.name:{width}}  {concept.strength:7}  {size:42}  {concept.note}")


def _size(of_concept: Sequence[rules.Rule], *, by_pack: bool) -> str:
    patterns = sum(len(rule.patterns) for rule in of_concept)
    lines = sum(len(rule.lines) for rule in of_concept)
    selectors = sum(len(rule.selectors) for rule in of_concept)
    parts = [_count(len(of_concept), "pack")] if by_pack else []
    sizes = ((patterns, "pattern"), (lines, "line"), (selectors, "selector"))
    parts += [_count(number, what) for number, what in sizes if number]
    return ", ".join(parts) if of_concept else "by its place alone"


# -- the command line --------------------------------------------------------------------------------


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _complain(message: object) -> None:
    say(f"cleaner: {one_line(str(message))}")


def parser() -> Parser:
    """The parser of the command line."""
    parser = Parser(
        prog="cleaner rules",
        description="Check rule packs of your own, see what they change, and list all rules.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    checking = commands.add_parser("check", help="run the examples of packs, alone and inside an article")
    checking.add_argument("packs", nargs="+", type=file_name, metavar="PACK")
    testing = commands.add_parser("test", help="show what a pack changes on pages or texts, and what it does not match")
    testing.add_argument("pack", type=file_name, metavar="PACK")
    testing.add_argument("pages", nargs="+", type=file_name, metavar="PAGE", help='a file, or "-" for standard input')
    testing.add_argument("--url", metavar="URL", help="the address of the pages; default: one of the pack's hosts")
    testing.add_argument("--lang", metavar="CODE", help="the language, such as en; default: detected")
    testing.add_argument("--kind", choices=get_args(Kind), default="auto", help="default: auto")
    listing = commands.add_parser("list", help="list the concepts of the library and their rules")
    listing.add_argument("--lang", choices=("shared", *rules.languages()), metavar="CODE", help="of one language alone")
    listing.add_argument("--label", choices=list(map(str, Label)), metavar="LABEL", help="of one label alone")
    return parser
