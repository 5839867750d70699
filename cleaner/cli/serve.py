"""The command ``cleaner serve``: a page on this machine that shows what is removed and why."""

import argparse
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cleaner.cli.options import FAILED, OK, Parser, file_name, positive, say
from cleaner.errors import CleanerError, describe
from cleaner.reading.source import MAX_SIZE
from cleaner.serve.answers import Answers
from cleaner.serve.pages import Pages
from cleaner.serve.server import LocalServer

#: The port where none is given.
PORT: Final = 8411

_EPILOG: Final = """\
The page takes HTML, a text or a file, and shows what is kept and what is
removed, with the reasons. Of a folder it shows one page after the other, and
writes the labels that you give to PAGE.labels beside each. Nothing leaves this
machine: the page listens on 127.0.0.1 alone, and loads nothing.

examples:
  cleaner serve
  cleaner serve pages/
  cleaner serve --pack site.toml page.html

exit codes:
  0    ended with Ctrl-C
  1    a page or the pack could not be read, or the port could not be had
  2    the command line is wrong
"""


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments that follow ``cleaner serve``, until it is interrupted."""
    options = parser().parse_args(argv)
    try:
        pack = _read_pack(options.pack)
        answers = Answers(Pages(options.pages), pack=pack, max_size=options.max_size)
    except CleanerError as error:
        say(f"cleaner serve: {error}")
        return FAILED
    try:
        server = LocalServer(answers, options.port, max_size=options.max_size)
    except OSError as error:
        say(f"cleaner serve: port {options.port}: {describe(error)}; --port 0 takes a free one")
        return FAILED
    with server:
        say(f"cleaner serve: {server.address} (Ctrl-C ends it)")
        if options.open:
            webbrowser.open(server.address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return OK


def _read_pack(name: str | None) -> str:
    if name is None:
        return ""
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CleanerError(f"{name}: {describe(error)}") from error


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 65,535")
    return int(text)


def parser() -> Parser:
    """The parser of the arguments."""
    made = Parser(
        prog="cleaner serve",
        description="Show a page on this machine to try sources, make rules and label pages.",
        epilog=_EPILOG,
    )
    made.add_argument(
        "pages", nargs="*", type=file_name, metavar="PAGE", help="files, or folders of HTML and text files"
    )
    made.add_argument("--port", type=_port, default=PORT, metavar="N", help=f"default: {PORT}; 0 takes a free one")
    made.add_argument("--open", action="store_true", help="open the page in the browser")
    made.add_argument(
        "--pack", type=file_name, metavar="FILE", help="a rule pack to begin with; the page changes a copy of it"
    )
    made.add_argument(
        "--max-size",
        type=positive,
        default=MAX_SIZE,
        metavar="N",
        help=f"refuse larger sources (default: {MAX_SIZE:,})",
    )
    return made
