"""A fuzz target for atheris: ``label()`` and all exports, on mutated hostile cases.

    pip install atheris
    python -m tests.hostile.fuzz -max_total_time=1800 -max_len=20000 FOLDER

FOLDER is the corpus: inputs that reach new code are added to it. An empty folder is filled with the small hostile
cases. The fuzzer stops at the first input that raises and writes it to ``crash-…``. Fix the fault, and add the input
to ``tests/hostile/cases.py``.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cleaner"]):
    import cleaner.export.markdown
    import cleaner.export.markup
    import cleaner.pipeline
    import cleaner.reading.language
    import cleaner.segment.html
    import cleaner.segment.text  # noqa: F401 - atheris instruments modules as they are imported
    from cleaner import label
    from cleaner.text.characters import strip_unsafe_chars

from .cases import cases

#: Size in bytes of the largest cases in a new corpus.
LARGEST_SEED = 20_000


def one(data: bytes) -> None:
    """Runs one input. Its first byte chooses how the rest is passed to the library."""
    mode, rest = (data[0] % 4, data[1:]) if data else (0, b"")
    if mode == 0:
        given: str | bytes = rest
    elif mode == 1:
        given = rest.decode("utf-8", "surrogateescape")
    else:
        given = rest.decode("utf-8", "replace")
    doc = label(given, kind=("auto", "html", "text", "auto")[mode])
    text = doc.text
    text.encode("utf-8")
    if strip_unsafe_chars(text) != text:
        raise AssertionError("the text contains unsafe characters")
    doc.to_html().encode("utf-8")
    doc.to_markdown().encode("utf-8")


def main() -> None:
    """Runs the fuzzer with libFuzzer's arguments."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            for number, case in enumerate(cases(largest=LARGEST_SEED)):
                data = case.source if isinstance(case.source, bytes) else case.source.encode("utf-8", "surrogatepass")
                (folder / f"seed-{number}").write_bytes(bytes([{"text": 2, "html": 1}.get(case.kind, 0)]) + data)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
