"""A target for atheris: the decoder, the segmenters and the whole of ``label`` on what a fuzzer makes of the cases.

    pip install atheris
    python -m tests.hostile.fuzz -max_total_time=1800 -max_len=20000 FOLDER

FOLDER keeps what was found to be new; it is filled with the smaller hostile cases where it is empty. The fuzzer stops
at the first input that raises, and writes it to ``crash-…``: mend what it shows, and keep it as a case.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cleaner"]):
    import cleaner.language

    import cleaner.export.markdown
    import cleaner.export.markup
    import cleaner.pipeline
    import cleaner.segment.html
    import cleaner.segment.text  # noqa: F401 - what is imported later is not watched
    from cleaner import label
    from cleaner.reading import source
    from cleaner.text.characters import strip_unsafe_chars

from .cases import cases

#: Bytes of the largest case that is a seed.
SEED = 20_000


def one(data: bytes) -> None:
    """One input: the first byte says as what it is read."""
    how, rest = (data[0] % 4, data[1:]) if data else (0, b"")
    if how == 0:
        given: str | bytes = rest
        source.decode(rest)
    elif how == 1:
        given = rest.decode("utf-8", "surrogateescape")
    else:
        given = rest.decode("utf-8", "replace")
    doc = label(given, kind=("auto", "html", "text", "auto")[how])
    text = doc.text
    text.encode("utf-8")
    if strip_unsafe_chars(text) != text:
        raise AssertionError("characters came out that no text should hold")
    doc.to_html().encode("utf-8")
    doc.to_markdown().encode("utf-8")


def main() -> None:
    """Runs the fuzzer; its arguments are libFuzzer's."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            for number, case in enumerate(cases(largest=SEED)):
                data = case.source if isinstance(case.source, bytes) else case.source.encode("utf-8", "surrogatepass")
                (folder / f"seed-{number}").write_bytes(bytes([{"text": 2, "html": 1}.get(case.kind, 0)]) + data)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
