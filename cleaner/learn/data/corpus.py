"""Labelled pages: a folder a corpus, with ``gold.jsonl.gz`` and ``html/<id>.html.gz``."""

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: Parts of the cross-validation.
FOLDS: Final = 5
#: The type of a page whose corpus does not say.
DEFAULT_TYPE: Final = "article"


@dataclass(frozen=True, slots=True)
class Example:
    """A page with the text that is its article, ``gold``, and text of which its corpus leaves open what it is.

    ``together`` is what the pages of one fold have in common: the site, unless it is set.
    """

    corpus: str
    id: str
    site: str
    type: str
    url: str
    gold: str
    path: Path
    together: str = ""
    uncertain: str = ""

    @property
    def html(self) -> bytes:
        """The page as it was fetched."""
        return gzip.decompress(self.path.read_bytes())

    @property
    def fold(self) -> int:
        """The fold of the cross-validation that the page is in, from 0 to ``FOLDS`` - 1: a hash of its site."""
        return int.from_bytes(hashlib.sha256((self.together or self.site).encode()).digest()[:4], "big") % FOLDS


def read(root: Path, names: Sequence[str] = ()) -> Iterator[Example]:
    """The pages of the corpora under a folder: of all of them, or of those named.

    A row of ``gold.jsonl.gz`` needs an ``id``; ``type``, ``url``, ``gold`` and ``uncertain`` may be missing or null.
    Raises ``FileNotFoundError``.
    """
    folders = [root / name for name in names] or sorted(p.parent for p in root.glob("*/gold.jsonl.gz"))
    if not folders:
        raise FileNotFoundError(f"{root} has no corpus: a folder with gold.jsonl.gz and html/")
    for folder in folders:
        with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as rows:
            for line in rows:
                row = json.loads(line)
                yield Example(
                    corpus=folder.name,
                    id=row["id"],
                    site=_site(row),
                    type=row.get("type") or DEFAULT_TYPE,
                    url=row.get("url") or "",
                    gold=row.get("gold") or "",
                    path=folder / "html" / f"{row['id']}.html.gz",
                    uncertain=row.get("uncertain") or "",
                )


def digests(examples: Iterable[Example]) -> dict[str, str]:
    """A digest of the pages and the gold of each corpus, by its name. The order of the pages does not matter."""
    parts: dict[str, list[str]] = defaultdict(list)
    for e in examples:
        content = e.id.encode() + e.gold.encode() + e.path.read_bytes()
        parts[e.corpus].append(hashlib.sha256(content).hexdigest())
    return {name: hashlib.sha256("".join(sorted(part)).encode()).hexdigest()[:16] for name, part in parts.items()}


def _site(row: Mapping[str, Any]) -> str:
    """The name of the publisher: the domain without its ending, so that a site is the same in every corpus."""
    host = row.get("domain") or row.get("site") or row.get("url") or ""
    host = re.sub(r"^https?://([^/]+).*$", r"\1", host)
    if not host:
        host = row["id"].split("_")[0]
    parts = [p for p in host.lower().split(".") if p not in ("www", "com", "co", "org", "net")]
    name = max(parts[:-1], key=len) if len(parts) > 1 else "".join(parts)
    return re.sub(r"\W", "", name)
