"""Labelled pages: a folder a corpus, with ``gold.jsonl.gz`` and ``html/<id>.html.gz``."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A page with the text that is its article. Cross-validation keeps pages ``together`` that have this in common:
    their ``site``, unless something else is asked for.
    """

    corpus: str
    id: str
    site: str
    type: str
    url: str
    gold: str
    path: Path
    together: str = ""

    @property
    def html(self) -> bytes:
        """The page as it was fetched."""
        return gzip.decompress(self.path.read_bytes())

    @property
    def fold(self) -> int:
        """Which part of the cross-validation the page is in: 0 to ``FOLDS`` - 1."""
        return int.from_bytes(hashlib.sha256((self.together or self.site).encode()).digest()[:4], "big") % FOLDS


def read(root: Path, names: Sequence[str] = ()) -> Iterator[Example]:
    """The pages of the corpora under a folder: all of them, or those named. Raises ``FileNotFoundError``."""
    folders = [root / name for name in names] or sorted(p.parent for p in root.glob("*/gold.jsonl.gz"))
    if not folders:
        raise FileNotFoundError(f"{root} has no corpus: a folder with gold.jsonl.gz and html/")
    for folder in folders:
        with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as rows:
            for line in rows:
                row = json.loads(line)
                path = folder / "html" / f"{row['id']}.html.gz"
                yield Example(
                    folder.name, row["id"], _site(row), row["type"], row.get("url") or "", row["gold"] or "", path
                )


def digest(examples: Sequence[Example]) -> str:
    """A fingerprint of pages and gold, independent of their order."""
    parts = sorted(hashlib.sha256(e.id.encode() + e.gold.encode() + e.path.read_bytes()).hexdigest() for e in examples)
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _site(row: dict[str, str]) -> str:
    """The publisher's name: the domain without its ending, so that the same one is known in every corpus."""
    host = row.get("domain") or row.get("site") or row.get("url") or ""
    host = re.sub(r"^https?://([^/]+).*$", r"\1", host)
    if not host:
        host = row["id"].split("_")[0]
    parts = [p for p in host.lower().split(".") if p not in ("www", "com", "co", "org", "net")]
    name = max(parts[:-1], key=len) if len(parts) > 1 else "".join(parts)
    return re.sub(r"\W", "", name)
