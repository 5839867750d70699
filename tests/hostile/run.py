"""Runs cases, each in a forked child with limits on time and memory, and says what became of them.

    python -m tests.hostile.run                       the cases that are made here, up to 200 KB each
    python -m tests.hostile.run --largest 2000000     larger ones
    python -m tests.hostile.run --folder DIR          cases in files: DIR/manifest.jsonl, as a generator of others writes it
    python -m tests.hostile.run --peer trafilatura    the same for another extractor

Prints a table by class and one by series that grow fastest; its exit code is 1 where a promise of docs/promises.md is
broken.
"""

import argparse
import json
import math
import os
import pickle
import re
import resource
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .cases import Case, cases

#: CPU seconds and bytes of address space that a case has beyond what the process has when it begins.
SECONDS = 10
MEMORY = 2 << 30
#: CPU seconds a megabyte, memory in bytes and the exponent of growth that are promised.
RATE, PEAK, EXPONENT = 5.0, 1 << 30, 1.4
#: Series are held to the exponent where their largest case takes this many seconds: below that it is noise.
MEASURABLE = 0.1

#: Blocks of the largest documents that are written out as HTML, Markdown and JSON too.
WRITTEN = 20_000

#: What a browser would run: an element or attribute in HTML, the address of a link in Markdown.
ACTIVE_HTML = re.compile(
    r"<(?:script|style|iframe|object|svg|math|embed|base|meta|link)\b|<[a-z][^<>]*\son\w+\s*="
    r"|(?:href|src)\s*=\s*[\"']?[\s\x00-\x20]*(?:java|vb)script",
    re.IGNORECASE,
)
ACTIVE_MARKDOWN = re.compile(
    r"(?<!\\)<(?:script|style|iframe|object|svg|math|embed|base|meta|link|img)\b"
    r"|(?<!\\)\]\(\s*<?[\s\x00-\x20]*(?:(?:java|vb)script|data|file|blob|jar|feed):",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: ``fate`` is ``ok``, ``refused`` (too large), ``raised``, ``time``, ``memory`` or
    ``died``.
    """

    case: str
    series: str
    size: int
    bytes: int
    fate: str
    detail: str = ""
    seconds: float = 0.0
    peak: int = 0
    flags: tuple[str, ...] = ()
    lost: bool = False
    leaked: bool = False
    active: bool = False


def cleaner(case: Case) -> dict[str, object]:
    """What this library makes of a case: every block counts, since what is removed is not lost. Timed is clean()."""
    from cleaner import InputTooLarge, clean, label

    begun = time.process_time()
    try:
        cleaned = clean(case.source, kind=case.kind)  # type: ignore[arg-type]
    except InputTooLarge:
        return {"fate": "refused"}
    seconds = time.process_time() - begun
    doc = label(case.source, kind=case.kind)  # type: ignore[arg-type]
    every = _squeezed(" ".join(block.text for block in doc.blocks))
    out = doc.text
    out.encode("utf-8")
    if out != cleaned:
        raise AssertionError("clean() and label() differ")
    html = markdown = ""
    if len(doc.blocks) <= WRITTEN:
        html, markdown = doc.to_html(), doc.to_markdown()
        json.dumps(doc.to_dict()).encode("utf-8")
    return {
        "fate": "ok",
        "seconds": seconds,
        "flags": doc.flags,
        "lost": any(_squeezed(text) not in every for text in case.want) and not doc.flags,
        "leaked": any(text in out or text in html for text in case.reject),
        "active": bool(ACTIVE_HTML.search(html)) or bool(ACTIVE_MARKDOWN.search(_without_code(markdown))),
    }


def trafilatura(case: Case) -> dict[str, object]:
    """The same for trafilatura's text."""
    from trafilatura import extract

    out = extract(case.source) or ""
    found = _squeezed(out)
    return {
        "fate": "ok",
        "lost": any(_squeezed(text) not in found for text in case.want),
        "leaked": any(text in out for text in case.reject),
    }


PEERS: dict[str, Callable[[Case], dict[str, object]]] = {"cleaner": cleaner, "trafilatura": trafilatura}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _without_code(markdown: str) -> str:
    return re.sub(r"(`+)[^`].*?\1", "", markdown, flags=re.DOTALL)


def run(case: Case, peer: Callable[[Case], dict[str, object]] = cleaner, seconds: int = SECONDS) -> Result:
    """The result of one case in a child of its own."""
    size = len(case.source) if isinstance(case.source, bytes) else len(case.source.encode("utf-8", "surrogatepass"))
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(case, peer, seconds, writing)
    os.close(writing)
    answer = _answer(reading, deadline=time.monotonic() + 12 * seconds)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if not answer:
        by_time = answer is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL))
        answer = {"fate": "time" if by_time else "died", "detail": f"status {status}"}
    used = usage.ru_utime + usage.ru_stime
    return Result(case.name, case.series, case.size, size, **{"seconds": used, **answer})  # type: ignore[arg-type]


def _answer(reading: int, deadline: float) -> dict[str, object] | None:
    """What the child wrote; None where it wrote nothing in time."""
    parts: list[bytes] = []
    try:
        while True:
            ready, _, _ = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                return None
            if not (part := os.read(reading, 1 << 16)):
                break
            parts.append(part)
    finally:
        os.close(reading)
    return pickle.loads(b"".join(parts)) if parts else {}


def _child(case: Case, peer: Callable[[Case], dict[str, object]], seconds: int, writing: int) -> None:
    """Runs the case and writes the answer; never returns."""
    answer: dict[str, object]
    try:
        own = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        sys.addaudithook(_watch)
        resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (3 * seconds, 3 * seconds + 1))
        begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            answer = peer(case)
        except MemoryError:
            answer = {"fate": "memory"}
        except BaseException as error:
            answer = {"fate": "raised", "detail": f"{type(error).__name__}: {str(error)[:100]}"}
        answer.setdefault("seconds", time.process_time() - begun)
        answer["peak"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        os.write(writing, pickle.dumps(answer))
    finally:
        os._exit(0)


#: Where a case may read: the library, and what Python loads late.
READABLE = tuple(str(Path(place).resolve()) for place in {sys.prefix, sys.base_prefix, *sys.path} if place)
#: What no case may do.
FORBIDDEN = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: no network, no other program, no file beyond those of the library and of Python."""
    if event in FORBIDDEN:
        raise PermissionError(f"a case may not do {event}")
    if event == "open" and isinstance(path := arguments[0], str | bytes):
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - resolve() would open what it looks at
        if not place.startswith(READABLE):
            raise PermissionError(f"a case may not open {place}")


def broken(result: Result) -> str:
    """Which promise a result breaks; "" where all are kept."""
    if result.seconds > SECONDS:
        return f"{result.seconds:.1f} s"
    if result.fate not in ("ok", "refused"):
        return f"{result.fate} {result.detail}"
    if result.lost:
        return "lost without a flag"
    if result.leaked:
        return "let through what it must not"
    if result.active:
        return "active content came out"
    if result.peak > PEAK:
        return f"{result.peak >> 20} MiB"
    if result.seconds > 0.5 and result.seconds > RATE * max(result.bytes, 100_000) / 1e6:
        return f"{result.seconds:.1f} s for {result.bytes:,} bytes"
    return ""


def growth(results: Iterable[Result]) -> dict[str, float]:
    """The exponent of each series of which the largest case takes long enough to be measured."""
    series: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.series and result.fate == "ok":
            series[result.series].append(result)
    found = {}
    for name, members in series.items():
        members.sort(key=lambda r: r.bytes)
        large, small = members[-1], members[-2] if len(members) > 1 else members[-1]
        if large.bytes >= 1.5 * small.bytes and large.seconds >= MEASURABLE:
            found[name] = math.log(large.seconds / max(small.seconds, 1e-4)) / math.log(large.bytes / small.bytes)
    return found


def folder(path: Path) -> Iterator[Case]:
    """Cases in files, as their manifest lists them."""
    for line in (path / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        data = (path / row["file"]).read_bytes()
        source = data if row["kind"] == "bytes" else data.decode("utf-8", "surrogatepass")
        yield Case(
            row["id"],
            source,
            tuple(row.get("want") or ()),
            tuple(row.get("reject") or ()),
            row.get("series") or "",
            row.get("n") or 0,
            "text" if row["kind"] == "text" else "auto",
        )


def main() -> int:
    """Runs the command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--largest", type=int, default=200_000, help="bytes of the largest cases that are made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer", choices=sorted(PEERS), default="cleaner")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--known", nargs="*", default=[], help="cases that break a promise and are documented")
    parser.add_argument("--only", default="", help="cases whose name begins so")
    arguments = parser.parse_args()
    warm = Case("warm", "<p>warm</p>", ())
    PEERS[arguments.peer](warm)
    given = folder(arguments.folder) if arguments.folder else cases(arguments.seed, arguments.largest)
    results = []
    for case in given:
        if case.name.startswith(arguments.only):
            results.append(run(case, PEERS[arguments.peer], arguments.seconds))
            if problem := broken(results[-1]):
                print(f"{case.name}: {problem}", file=sys.stderr, flush=True)
    report(results)
    fast = {name: exponent for name, exponent in growth(results).items() if exponent > EXPONENT}
    return int(bool(fast) or any(broken(result) for result in results if result.case not in arguments.known))


def report(results: list[Result]) -> None:
    """Prints what became of the cases."""
    classes: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        classes[result.case.split("/")[0]].append(result)
    print("| class | cases | raised | time or memory | lost unflagged | leaked | flagged | s a MB, worst | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, part in [*classes.items(), ("all", results)]:
        count = {fate: sum(r.fate == fate for r in part) for fate in ("raised", "died", "time", "memory")}
        rate = max((1e6 * r.seconds / max(r.bytes, 100_000) for r in part), default=0)
        print(
            f"| {name} | {len(part)} | {count['raised'] + count['died']} | {count['time'] + count['memory']} | "
            f"{sum(r.lost for r in part)} | {sum(r.leaked or r.active for r in part)} | {sum(bool(r.flags) for r in part)} | "
            f"{rate:.2f} | {max((r.peak for r in part), default=0) >> 20} |"
        )
    print(f"\nCPU seconds in all: {sum(r.seconds for r in results):.0f}. Steepest series:")
    steep = sorted(growth(results).items(), key=lambda item: -item[1])
    for name, exponent in steep[:8]:
        print(f"{exponent:5.2f} {name}")


if __name__ == "__main__":
    sys.exit(main())
