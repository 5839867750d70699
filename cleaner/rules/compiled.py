"""Compiled files: what the library reads from its TOML files, as JSON that loads in a tenth of the time.

The wheel holds them; a checkout of the repository does not, and reads the TOML files. A compiled file holds a digest of
the TOML file that it was made from. One that is missing, stale, or of another format is not used. The concepts are read
and written here, the packs in :mod:`cleaner.rules.compiled_index`.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from cleaner.document import Label
from cleaner.rules.schema import Concept
from cleaner.text.data_files import read_data

#: To be raised with each change to what is stored, and to how required literals are found.
FORMAT: Final = 5
#: The folder of the compiled files, inside that of the TOML files.
FOLDER: Final = "compiled"


def digest(source: bytes) -> str:
    """What tells the versions of a source apart, and those of the format."""
    # Checksums find what changed by mistake, which is all that is asked here; ``hashlib`` takes 2 ms to import.
    return f"{FORMAT}-{len(source)}-{zlib.crc32(source):08x}-{zlib.adler32(source):08x}"


def read_documents(name: str, source: bytes) -> list[bytes] | None:
    """The JSON documents of a compiled file, without the first one, which holds the digest; None if the file is
    missing, or was made from another ``source``.
    """
    try:
        head, *documents = read_data("cleaner.rules", f"data/{FOLDER}/{name}.json").splitlines()
        return documents if json.loads(head) == digest(source) else None
    except (OSError, ValueError):
        return None


def dump_documents(source: bytes, *documents: object) -> bytes:
    """The content of a compiled file: the digest and the documents, each on a line. The same documents give the same
    bytes.
    """
    # No separator that ``splitlines`` of bytes knows but the line feeds, which JSON escapes inside of strings.
    return b"\n".join(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        for document in (digest(source), *documents)
    )


# -- concepts ----------------------------------------------------------------------------------------


def read_concepts(source: bytes) -> dict[str, Concept] | None:
    """The compiled concepts; ``source`` is the content of ``concepts.toml``. None if none were made from that
    content.
    """
    documents = read_documents("concepts", source)
    return None if documents is None else {values[0]: _concept(values) for values in map(json.loads, documents)}


def dump_concepts(source: bytes, concepts: Mapping[str, Concept]) -> bytes:
    """The compiled file of the concepts."""
    return dump_documents(source, *map(_plain_concept, concepts.values()))


def _plain_concept(concept: Concept) -> list[Any]:
    values = (getattr(concept, each.name) for each in fields(concept))
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _concept(values: list[Any]) -> Concept:
    name, label, note, strength, zone, most, least, requires, after, before, *rest = values
    return Concept(
        name,
        Label(label),
        note,
        strength,
        frozenset(zone),
        most,
        least,
        frozenset(requires),
        tuple(after),
        tuple(before),
        *rest,
    )
