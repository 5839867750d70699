"""The command ``cleaner``: cleans files or standard input, and starts the sub-commands."""

import os
import sys
from argparse import Namespace, _ArgumentGroup
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Final, get_args

from cleaner import __version__
from cleaner.api import Cleaner
from cleaner.cli import options as shared
from cleaner.cli.completion import SHELLS, completion_script
from cleaner.cli.options import FAILED, INTERRUPTED, OK, USAGE, Parser, UsageError, read_input, say
from cleaner.cli.rendering import FORMATS, LINES, PICTURES, Rendering, joined, render
from cleaner.cli.terminal import Color, screen
from cleaner.document import Document
from cleaner.errors import BINARY, CleanerError, describe
from cleaner.export.lines import Only
from cleaner.text.characters import one_line

CLOSED_PIPE: Final = 141  # 128 + SIGPIPE: the exit code of a Unix tool in front of `head`
#: How similar a word is to the name of a sub-command that it misspells, at least: 1 is the same.
MISSPELT: Final = 0.8

#: The modules of the sub-commands. Each has a ``main`` that takes the arguments and returns the exit code, and a
#: ``parser`` that returns the parser of its arguments.
SUBCOMMANDS: Final = {
    "batch": "cleaner.cli.batch",
    "memory": "cleaner.cli.memory",
    "rules": "cleaner.cli.rules",
    "serve": "cleaner.cli.serve",
}

_USAGE: Final = """\
cleaner [OPTION]... [FILE]...
       cleaner batch INPUT... -o OUTPUT [OPTION]...
       cleaner memory build|merge|show|forget ...
       cleaner rules check|test|list ...
       cleaner serve [PAGE]..."""

_EPILOG: Final = """\
commands:
  cleaner batch   clean many records: JSON lines, Parquet, WARC, directories
  cleaner memory  learn what recurs on sites, from many records
  cleaner rules   check, test and list rule packs
  cleaner serve   a local page to try sources, make rules and label pages
"cleaner batch --help" and so on say more.

With several files, the outputs come in the order of the files. A blank line
separates them, except for json (one object per line) and report (one page).
Each JSON object begins with "file", the name of its file; explain, labels and
report name the file in a heading. Output is UTF-8 whatever the locale is.
Compressed files (gzip, bzip2, Zstandard) are opened. Nothing is fetched.

completion of options, with the extra "completion", as a line of ~/.bashrc:
  eval "$(cleaner --print-completion bash)"

examples:
  cleaner page.html
  curl -sL https://example.org/story | cleaner --url https://example.org/story
  cleaner --explain page.html
  cleaner --format report -o report.html *.html

exit codes:
  0    every input was read, even if nothing in it is worth keeping
  1    an input could not be read or the output could not be written; stderr
       names it, the rest is done
  2    the command line or a pack is wrong; nothing was read
  130  interrupted
  141  standard output was closed early, for instance by `head`
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the arguments, by default those of the process. Returns the exit code."""
    # Before numpy is loaded: OpenBLAS's threads would have nothing to do, and take .1 s of CPU time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        try:
            status = _run(sys.argv[1:] if argv is None else list(argv))
        except SystemExit as stop:  # raised by argparse for --help, --version and wrong usage
            status = stop.code if isinstance(stop.code, int) else USAGE
        if sys.stdout is not None:
            sys.stdout.flush()  # the flush at interpreter exit would fail with a traceback
    except BrokenPipeError:
        _discard_stdout()
        return CLOSED_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:  # of standard output: errors of other files are handled where they occur
        _report("standard output", error)
        _discard_stdout()
        return FAILED
    return status


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] in SUBCOMMANDS:
        command: Callable[[Sequence[str]], int] = import_module(SUBCOMMANDS[arguments[0]]).main
        return command(arguments[1:])
    parser = _parser()
    if arguments and (meant := _meant(arguments[0])):
        parser.error(f"{arguments[0]}: no such file (did you mean {meant}?)")
    options = parser.parse_args(arguments)
    if options.print_completion:
        return _print_completion(options.print_completion)
    if options.only and options.format not in LINES:
        parser.error("--only goes with --explain or --labels")
    if options.images and options.format not in PICTURES:
        parser.error("--images goes with --markdown, --html or --json")
    names = options.files or ["-"]
    to_file = options.output not in (None, "-")
    if to_file and shared.is_one_of(options.output, names):
        parser.error("the output is one of the inputs")
    try:
        cleaner = shared.make_cleaner(options)
    except UsageError as error:
        parser.error(str(error))
    if shared.reads_terminal(names):
        say("cleaner: reading from standard input; cleaner --help says more")
    form = options.format or "text"
    how = Rendering(form, screen(options.color, to_file=to_file), options.only, several=len(names) > 1)
    inputs = _Inputs(names, cleaner, options)
    chunks = joined(inputs.rendered(how), form, title=", ".join(names))
    if not to_file:
        _print(chunks)
        return FAILED if inputs.failed else OK
    # Everything is read before the output is opened: where nothing can be read, a file that is there stays.
    text = "".join(chunks)
    written = inputs.failed == len(names) or _save(text, options.output)
    return FAILED if inputs.failed or not written else OK


def _meant(argument: str) -> str:
    """The sub-command or option that a first argument is likely meant to be, "" for a file or an option."""
    if argument.startswith("-") or Path(argument).exists():
        return ""
    if argument in ("help", "version", *FORMATS):
        return f"--format {argument}" if argument in ("text", "txt", "report") else f"--{argument}"
    return "".join(f"cleaner {name}" for name in get_close_matches(argument, SUBCOMMANDS, n=1, cutoff=MISSPELT))


# -- input ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Inputs:
    """The files of one call. ``failed`` counts those that could not be read or cleaned so far."""

    names: Sequence[str]
    cleaner: Cleaner
    options: Namespace
    failed: int = 0

    def rendered(self, how: Rendering) -> Iterator[str]:
        """The output of each file that can be cleaned; an error of a file goes to standard error."""
        for name in self.names:
            try:
                doc = self._label(name)
            except CleanerError as error:
                _report(name, error)
                self.failed += 1
            else:
                yield render(doc, name, how)

    def _label(self, name: str) -> Document:
        data = read_input(name, self.options.max_size)
        doc = self.cleaner.label(data, url=self.options.url, lang=self.options.lang, kind=self.options.kind)
        if "binary" in doc.flags:
            raise CleanerError(BINARY)
        if not (self.options.url or doc.stated.url):
            self._warn_of_unknown_address(name)
        return doc

    def _warn_of_unknown_address(self, name: str) -> None:
        """Say which packs do not count for a file because its address is unknown, nor does the memory."""
        unused = [pack.origin for pack in self.cleaner._policy.packs if pack.hosts]  # noqa: SLF001 one package
        for source in [*unused, self.options.memory] if self.options.memory else unused:
            say(f"cleaner: {one_line(name)}: {one_line(source)} is not used: the address is unknown; --url gives it")


# -- output --------------------------------------------------------------------------------------


def _print(chunks: Iterable[str]) -> None:
    if sys.stdout is None:
        raise OSError("closed")
    for chunk in chunks:
        sys.stdout.buffer.write(chunk.encode())
        sys.stdout.buffer.flush()


def _save(text: str, name: str) -> bool:
    """Write the file; False, after a message, where it cannot be written."""
    try:
        Path(name).write_bytes(text.encode())
    except OSError as error:
        _report(name, error)
        return False
    return True


def _report(name: str, error: Exception) -> None:
    where = "standard input" if name == "-" else name
    say(f"cleaner: {one_line(where)}: {one_line(describe(error))}")


def _print_completion(shell: str) -> int:
    parser = _parser()
    try:
        script = completion_script(shell, parser, SUBCOMMANDS)
    except CleanerError as error:
        parser.error(str(error))
    _print([script])
    return OK


def _discard_stdout() -> None:
    """Redirect standard output to nowhere, so that the flush at interpreter exit cannot fail."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- the command line ----------------------------------------------------------------------------


def _parser() -> Parser:
    parser = Parser(
        prog="cleaner",
        usage=_USAGE,
        description="Keep the article and remove the residue around it: HTML or text in, text out.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "files", nargs="*", type=shared.file_name, metavar="FILE", help='default: standard input, also "-"'
    )
    parser.add_argument("--version", action="version", version=f"cleaner {__version__}")
    parser.add_argument(
        "--print-completion", choices=SHELLS, metavar="SHELL", help=f"print a script for {', '.join(SHELLS)}"
    )
    shared.add_source_options(parser.add_argument_group("input"), url_help="address of the page; selects site rules")
    shared.add_policy_options(parser.add_argument_group("what is kept"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_output(group: _ArgumentGroup) -> None:
    group.add_argument("-o", "--output", type=shared.file_name, metavar="FILE", help="default: standard output")
    shared.add_images_option(group, "the article's own pictures as well, in Markdown, HTML and JSON")
    form = group.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        "--output-format",
        choices=FORMATS,
        metavar="FORMAT",
        help="text (or txt, the default), markdown, html, json, explain, labels, or report: an HTML page that shows "
        "what was removed and why",
    )
    for name, description in (
        ("markdown", "the same as --format markdown"),
        ("html", "the same as --format html"),
        ("json", "the same as --format json"),
        (
            "explain",
            "one line per block: kept or dropped, label, score, text, evidence (COLUMNS=400: more); menus are folded",
        ),
        ("labels", "one line per block: label, tab, text"),
    ):
        form.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=description)
    group.add_argument(
        "--only",
        choices=get_args(Only),
        help="with --explain or --labels: only blocks that are kept, or only those that are dropped, one by one",
    )
    group.add_argument(
        "--color",
        choices=get_args(Color),
        default="auto",
        help="colours of --explain: auto (the default) on a terminal, unless NO_COLOR is set",
    )
