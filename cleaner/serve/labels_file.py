"""The files of labels that ``fixtures/README.md`` describes: header lines, then a label and a text for each block."""

from dataclasses import dataclass, field

from cleaner.document import Label
from cleaner.errors import CleanerError
from cleaner.text.characters import one_line


@dataclass(frozen=True, slots=True)
class LabelsFile:
    """What is in a file of labels.

    ``header`` has the values of the header lines by their keys, in their order; "" for a key without a value, as
    ``# trap``. ``blocks`` are labels with texts of one line each.
    """

    header: dict[str, str] = field(default_factory=dict)
    blocks: tuple[tuple[Label, str], ...] = ()


def parse(text: str) -> LabelsFile:
    """The content of a file of labels. Raises :class:`CleanerError` for a line that is none, with its number."""
    header: dict[str, str] = {}
    blocks: list[tuple[Label, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") and not blocks:
            key, _, value = line.lstrip("# ").partition(":")
            header[key.strip()] = value.strip()
        elif line.strip():
            blocks.append(_block(line, number))
    return LabelsFile(header, tuple(blocks))


def _block(line: str, number: int) -> tuple[Label, str]:
    name, tab, text = line.partition("\t")
    if not tab:
        raise CleanerError(f"line {number}: no tab between the label and the text: {line!r}")
    try:
        return Label(name), text
    except ValueError:
        raise CleanerError(f"line {number}: {name!r} is no label; labels are {', '.join(Label)}") from None


def to_text(file: LabelsFile) -> str:
    r"""A file of labels as text; :func:`parse` reads it back.

    >>> to_text(LabelsFile({"about": "a ferry", "trap": ""}, ((Label.BODY, "The ferry sailed."),)))
    '# about: a ferry\n# trap\nbody\tThe ferry sailed.\n'
    """
    header = [f"# {key}: {one_line(value)}" if value else f"# {key}" for key, value in file.header.items()]
    return "".join(f"{line}\n" for line in [*header, *(f"{label}\t{one_line(text)}" for label, text in file.blocks)])
