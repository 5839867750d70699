"""The command: files or standard input to standard output."""

import argparse
import codecs
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cleaner import __version__, export
from cleaner.api import Cleaner
from cleaner.document import Document, Label
from cleaner.errors import CleanerError, InputTooLarge
from cleaner.reading.source import MAX_SIZE
from cleaner.text.characters import one_line, strip_unsafe_chars

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it
CLOSED_PIPE: Final = 141  # 128 + SIGPIPE: what `set -o pipefail` sees of any Unix tool before `head`

#: Bytes at a file's start in which NULs are looked for, and their share from which it is no text.
HEAD: Final = 4_096
NUL_SHARE: Final = 0.02

_EPILOG: Final = """\
The outputs of several files come in order. A blank line stands between them, but for json (one
object a line) and report (one page). Output is UTF-8 whatever the locale.

examples:
  cleaner page.html
  curl -s https://example.org/story | cleaner --markdown --url https://example.org/story
  cleaner --explain page.html
  cleaner --format report -o report.html *.html

Many pages, in JSON lines, tables, archives or directories: cleaner batch --help.

exit codes:
  0    every input was read; also when nothing in it is worth keeping
  1    some input could not be read or output not be written; stderr says which, the others are done
  2    the command line or a pack is wrong; nothing was read
  130  interrupted
  141  standard output was closed early, as by `head`
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of the command run with the arguments, by default those of the process."""
    try:
        try:
            status = _run(argv)
        except SystemExit as stop:  # argparse: help, version, bad usage
            status = stop.code if isinstance(stop.code, int) else USAGE
        if sys.stdout is not None:
            sys.stdout.flush()  # here, as the interpreter's own flush would end in a traceback
    except BrokenPipeError:
        _forget_stdout()
        return CLOSED_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:  # what is read, and files written, are taken care of elsewhere
        _complain("standard output", error)
        _forget_stdout()
        return FAILED
    return status


def _run(argv: Sequence[str] | None) -> int:
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments[:1] == ["batch"]:
        from cleaner.cli import batch

        return batch.main(arguments[1:])
    if arguments[:1] == ["rules"]:
        from cleaner.cli import rules

        return rules.main(arguments[1:])
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        cleaner = Cleaner(threshold=options.threshold, packs=options.pack)
    except ValueError as error:  # a CleanerError is one, too
        parser.error(one_line(str(error)))
    names, form = options.files or ["-"], options.format or "text"
    failed: list[str] = []

    def texts() -> Iterator[str]:
        for name in names:
            try:
                doc = _label(name, cleaner, options)
            except CleanerError as error:
                _complain(name, error)
                failed.append(name)
            else:
                yield _FORMATS[form](doc)

    chunks = _chunks(texts(), form, title=", ".join(names))
    if options.output in (None, "-"):
        _print(chunks)
    else:
        # Read all before writing, as sort does: the output may be one of the files.
        whole = "".join(chunks)
        if len(failed) < len(names) and not _save(whole, options.output):
            failed.append(options.output)
    return FAILED if failed else OK


def _label(name: str, cleaner: Cleaner, options: argparse.Namespace) -> Document:
    data = _read(name)
    doc = cleaner.label(data, url=options.url, lang=options.lang, kind=options.kind)
    if "binary" in doc.flags:
        raise CleanerError("binary, neither HTML nor text")
    return replace(doc, keep=doc.keep | set(options.keep))


def _read(name: str) -> bytes:
    """What is in the file, or in standard input for "-"."""
    if name == "-" and sys.stdin is None:
        raise CleanerError("closed")
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            data = file.read(MAX_SIZE + 1)  # no more: it may be a device, and have no end
    except OSError as error:
        raise CleanerError(_reason(error)) from error
    if len(data) > MAX_SIZE:
        raise InputTooLarge(f"larger than the limit of {MAX_SIZE:,} bytes")
    if _has_nuls(data[:HEAD]):
        raise CleanerError("binary, neither HTML nor text")
    return data


def _has_nuls(head: bytes) -> bool:
    """Whether there are NULs as in binary files; UTF-16 and UTF-32 have theirs where they belong."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return False
    fewer, more = sorted((head[0::2].count(0), head[1::2].count(0)))
    if more > 0.3 * len(head) / 2 and fewer < 0.1 * len(head) / 2:
        return False  # UTF-16 without a mark: every other byte
    return fewer + more > NUL_SHARE * len(head)


def _chunks(texts: Iterable[str], form: str, title: str) -> Iterator[str]:
    """What is written: the texts that are not empty, and what stands between them."""
    if form == "report":
        if reports := list(texts):
            yield export.to_page(reports, title) + "\n"
        return
    between = ""
    for text in filter(None, texts):
        yield f"{between}{text}\n"
        between = "" if form == "json" else "\n"


def _print(chunks: Iterable[str]) -> None:
    if sys.stdout is None:
        raise OSError("closed")
    for chunk in chunks:
        sys.stdout.buffer.write(chunk.encode())
        sys.stdout.buffer.flush()


def _save(text: str, name: str) -> bool:
    try:
        Path(name).write_bytes(text.encode())
    except OSError as error:
        _complain(name, error)
        return False
    return True


def _json(doc: Document) -> str:
    return json.dumps(_printable(doc.to_dict()), ensure_ascii=False)


def _printable(data: Any) -> Any:
    """Plain data with all text strip_unsafe_chars: JSON would carry control characters as escapes."""
    if isinstance(data, str):
        return strip_unsafe_chars(data)
    if isinstance(data, dict):
        return {key: _printable(value) for key, value in data.items()}
    return [_printable(value) for value in data] if isinstance(data, list) else data


_FORMATS: Final[dict[str, Callable[[Document], str]]] = {
    "text": export.to_text,
    "txt": export.to_text,
    "markdown": export.to_markdown,
    "html": export.to_html,
    "json": _json,
    "report": export.to_report,
    "explain": export.explain,
    "labels": export.labels,
}


def _complain(name: str, error: Exception) -> None:
    where = "standard input" if name == "-" else name
    if sys.stderr is not None:
        print(f"cleaner: {one_line(where)}: {one_line(_reason(error))}", file=sys.stderr)


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _forget_stdout() -> None:
    """Send what is left in the buffer nowhere, so that the interpreter's last flush cannot fail."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- the command line ----------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleaner",
        description="Keep the article, drop the residue around it: HTML or text in, text out.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help='default: standard input, also "-"')
    parser.add_argument("--version", action="version", version=f"cleaner {__version__}")
    _add_input(parser.add_argument_group("input"))
    _add_policy(parser.add_argument_group("what is kept"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_input(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--kind", choices=("auto", "html", "text"), default="auto")
    group.add_argument("--lang", metavar="CODE", help="the language, such as en; default: found")
    group.add_argument("--url", metavar="URL", help="the address of the page, for rules of its site")


def _add_policy(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--keep",
        action="extend",
        type=_labels,
        default=[],
        metavar="LABEL,...",
        help="keep these as well: " + ", ".join(label for label in Label if label != Label.BODY),
    )
    group.add_argument(
        "--threshold",
        type=float,
        default=0.5,
        metavar="P",
        help="between 0 and 1, higher removes more (default: 0.5)",
    )
    group.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="FILE",
        help="a rule pack of your own; may be repeated",
    )


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    form = group.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        "--output-format",
        choices=("text", "txt", "markdown", "html", "json", "report"),
        metavar="FORMAT",
        help="text (or txt, the default), markdown, html, json, "
        "or report: an HTML page that shows what was removed and why",
    )
    for name, about in (
        ("markdown", "the same as --format markdown"),
        ("html", "the same as --format html"),
        ("json", "the same as --format json"),
        ("explain", "one line a block: kept or not, label, score, text, evidence"),
        ("labels", "one line a block: label, tab, text"),
    ):
        form.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=about)


def _labels(names: str) -> list[Label]:
    try:
        return [Label(name.strip()) for name in names.split(",") if name.strip()]
    except ValueError:
        known = ", ".join(Label)
        raise argparse.ArgumentTypeError(f"{names!r}: labels are {known}") from None
