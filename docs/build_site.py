"""Builds the documentation as a site: ``python docs/build_site.py``. It needs the extra ``docs``.

The pages are the Markdown files of the repository. They are written for readers of the repository, and their code is
run as tests. This script gathers them in ``build/docs``, makes the links between them those of the site, and lets
Zensical build ``build/site``, where any warning is an error. ``mkdocs.yml`` is the configuration.
"""

import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ROOT / "build" / "docs"

#: Pages that do not stand in docs/, and where they stand on the site.
OUTSIDE: Final = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "LICENSE": "license.txt",
    "fixtures/README.md": "fixtures.md",
}
#: What docs/ holds for the site: pages, figures, styles.
SUFFIXES: Final = (".md", ".svg", ".css")
#: The list of pages for readers of the repository; the site has its menu instead.
INDEX: Final = "docs/README.md"

_FENCE = re.compile(r" *(`{3,})")
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def site_path(path: str) -> str | None:
    """Where a file of the repository stands on the site; None if it does not.

    >>> site_path("docs/usage.md"), site_path("README.md"), site_path("cleaner/api.py")
    ('usage.md', 'index.md', None)
    """
    if path == INDEX:
        return "index.md"
    return OUTSIDE.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else None)


def site_link(target: str, page: str) -> str:
    """The target of a link as the site needs it. ``page`` is the file that has the link, both from the root.

    >>> site_link("docs/usage.md#limits", "README.md"), site_link("../CONTRIBUTING.md", "docs/rules.md")
    ('usage.md#limits', 'contributing.md')
    >>> site_link("https://example.org", "README.md"), site_link("#install", "README.md")
    ('https://example.org', '#install')
    """
    if target.startswith("#") or ":" in target:
        return target
    path, mark, anchor = target.partition("#")
    file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    here, there = site_path(page), site_path(file)
    if here is None or there is None or not (ROOT / file).is_file():
        raise ValueError(f"{page} links to {target}, which is not on the site")
    return posixpath.relpath(there, posixpath.dirname(here) or ".") + mark + anchor


def site_text(text: str, page: str) -> str:
    """A page as the site needs it: its links, and its examples without the marks that only tests need."""
    return "\n".join(_site_lines(text, page))


def _site_lines(text: str, page: str) -> Iterator[str]:
    fence = ""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if opening := _FENCE.match(line):
            if not fence:
                fence = opening[1]
                session = number + 1 < len(lines) and lines[number + 1].lstrip().startswith(">>> ")
                yield line.replace("```python", "```pycon") if session else line
                continue
            if line.strip() == fence:
                fence = ""
            yield line
        elif fence:
            yield line.replace("<BLANKLINE>", "")
        else:
            yield _LINK.sub(lambda link: link[1] + site_link(link[2], page) + link[3], line)


def sources() -> dict[str, str]:
    """The files of the site: where each stands in the repository, and where on the site."""
    files = [file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").rglob("*") if file.suffix in SUFFIXES]
    return OUTSIDE | {file: file.removeprefix("docs/") for file in files if file != INDEX}


def menu_errors() -> list[str]:
    """Pages that the menu of ``mkdocs.yml`` lacks or has twice, and entries of it without a page; Zensical reports none
    of these.
    """
    entries = re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    menu = set(entries)
    pages = {page for page in sources().values() if page.endswith(".md")}
    missing = [f"mkdocs.yml: the menu lacks {page}" for page in sorted(pages - menu)]
    twice = [f"mkdocs.yml: the menu has {page} twice" for page in sorted(menu) if entries.count(page) > 1]
    return missing + twice + [f"mkdocs.yml: the menu has {page}, which does not exist" for page in sorted(menu - pages)]


def gather() -> None:
    """Copies the pages, figures and styles to ``build/docs``."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for file, path in sources().items():
        target = PAGES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / file).read_text(encoding="utf-8")
        target.write_text(site_text(text, file) if file.endswith(".md") else text, encoding="utf-8")


def main() -> int:
    """The exit code of the build."""
    if errors := menu_errors():
        print(*errors, sep="\n", file=sys.stderr)
        return 1
    gather()
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
