"""Runs hostile cases, each in a forked child with limits on CPU time and memory, and reports the results.

    python -m tests.hostile.run                       the generated cases, up to 200 KB each
    python -m tests.hostile.run --largest 2000000     larger cases
    python -m tests.hostile.run --folder DIR          cases in files, listed in DIR/manifest.jsonl
    python -m tests.hostile.run --peer trafilatura    the same cases with another extractor

Prints a table by class of case, and the series whose time grows fastest. Exits with 1 if a promise of docs/promises.md
is broken.
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
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from .cases import Case, article, cases, page

#: CPU seconds that a case may take.
SECONDS = 10
#: Bytes of address space that a child may use in addition to its parent's.
MEMORY = 2 << 30
#: Promised limits: CPU seconds per megabyte, peak memory in bytes, and the exponent with which CPU time grows with size.
SECONDS_PER_MEGABYTE, PEAK_MEMORY, EXPONENT = 5.0, 1 << 30, 1.4
#: Sizes below this many bytes count as this many for ``SECONDS_PER_MEGABYTE``: constant costs dominate there.
SMALL_SOURCE = 100_000
#: CPU seconds below which no case is too slow for its size.
ALWAYS_ALLOWED = 0.5
#: CPU seconds of the largest case of a series, from which its exponent is computed: shorter times are noise.
MEASURABLE = 0.1
#: Cases of a series to which its exponent is fitted: between two of them, time may also rise by a step, where a limit is
#: exceeded and more is checked.
FITTED = 3
#: Further runs of a case that takes too long for its size, and of the cases of a series whose time grows too fast: the
#: shortest time of each counts.
REPEATS = 2
#: Documents with more blocks are not exported to HTML, Markdown and JSON.
MAX_EXPORTED_BLOCKS = 20_000

#: Markup that a browser would run: an element or attribute in HTML, the address of a link in Markdown.
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
    """The result of one case.

    ``outcome`` is ``ok``, ``refused`` (too large), ``raised``, ``time``, ``memory`` or ``died``. ``seconds`` is CPU time,
    ``peak`` the memory in bytes by which the child grew. ``lost``: wanted text is in no block. ``leaked``: rejected text
    is in the output. ``active``: the output contains markup that a browser would run.
    """

    case: str
    series: str
    size: int
    bytes: int
    outcome: str
    detail: str = ""
    seconds: float = 0.0
    peak: int = 0
    flags: tuple[str, ...] = ()
    lost: bool = False
    leaked: bool = False
    active: bool = False


def cleaner(case: Case) -> dict[str, object]:
    """Runs this library. Text in a removed block is not lost. The time is that of ``clean()``."""
    from cleaner import InputTooLarge, clean, label

    start = time.process_time()
    try:
        cleaned = clean(case.source, kind=case.kind)  # type: ignore[arg-type]
    except InputTooLarge:
        return {"outcome": "refused"}
    seconds = time.process_time() - start
    doc = label(case.source, kind=case.kind)  # type: ignore[arg-type]
    all_text = _without_space(" ".join(block.text for block in doc.blocks))
    text = doc.text
    text.encode("utf-8")
    if text != cleaned:
        raise AssertionError("clean() and label() differ")
    html = markdown = ""
    if len(doc.blocks) <= MAX_EXPORTED_BLOCKS:
        html, markdown = doc.to_html(), doc.to_markdown()
        json.dumps(doc.to_dict()).encode("utf-8")
    return {
        "outcome": "ok",
        "seconds": seconds,
        "flags": doc.flags,
        "lost": any(_without_space(wanted) not in all_text for wanted in case.want) and not doc.flags,
        "leaked": any(rejected in text or rejected in html for rejected in case.reject),
        "active": bool(ACTIVE_HTML.search(html)) or bool(ACTIVE_MARKDOWN.search(_without_code(markdown))),
    }


def trafilatura(case: Case) -> dict[str, object]:
    """Runs trafilatura. Wanted text must be in its output."""
    from trafilatura import extract

    text = extract(case.source) or ""
    all_text = _without_space(text)
    return {
        "outcome": "ok",
        "lost": any(_without_space(wanted) not in all_text for wanted in case.want),
        "leaked": any(rejected in text for rejected in case.reject),
    }


#: A function that runs an extractor on a case and returns fields of :class:`Result`.
Peer = Callable[[Case], dict[str, object]]
PEERS: dict[str, Peer] = {"cleaner": cleaner, "trafilatura": trafilatura}


def _without_space(text: str) -> str:
    return "".join(text.split())


def _without_code(markdown: str) -> str:
    return re.sub(r"(`+)[^`].*?\1", "", markdown, flags=re.DOTALL)


def run(case: Case, peer: Peer = cleaner, kill_after: int = 3 * SECONDS) -> Result:
    """Runs one case in a forked child, which is killed after ``kill_after`` CPU seconds.

    That is longer than a case may take, so that a slow one is reported with its time.
    """
    (result,) = run_together([case], peer, kill_after)
    return result


def run_together(group: Sequence[Case], peer: Peer = cleaner, kill_after: int = 3 * SECONDS) -> list[Result]:
    """Runs some cases in one forked child, as a fork costs more than most cases.

    Where one of them ends the child, each is run in a child of its own.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _run_in_child(group, peer, kill_after, writing)
    os.close(writing)
    answers = _read_answers(reading, deadline=time.monotonic() + 4 * kill_after * len(group))
    if answers is None:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if not answers and len(group) > 1:
        return [run(case, peer, kill_after) for case in group]
    if not answers:
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        outcome = "time" if answers is None or killed else "died"
        answers = [{"outcome": outcome, "detail": f"status {status}", "seconds": usage.ru_utime + usage.ru_stime}]
    return [
        Result(case.name, case.series, case.size, _size(case), **answer)  # type: ignore[arg-type]
        for case, answer in zip(group, answers, strict=True)
    ]


def _size(case: Case) -> int:
    """The size of a source in bytes."""
    return len(case.source) if isinstance(case.source, bytes) else len(case.source.encode("utf-8", "surrogatepass"))


def _read_answers(reading: int, deadline: float) -> list[dict[str, object]] | None:
    """What the child wrote; None if it was not finished at the deadline, [] if it wrote nothing."""
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
    return pickle.loads(b"".join(parts)) if parts else []


def _run_in_child(group: Sequence[Case], peer: Peer, kill_after: int, writing: int) -> None:
    """Runs the cases, writes the answers and exits."""
    try:
        address_space = MEMORY + int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        sys.addaudithook(_forbid)
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        resource.setrlimit(resource.RLIMIT_CPU, (kill_after * len(group), kill_after * len(group) + 1))
        os.write(writing, pickle.dumps([_answer(case, peer) for case in group]))
    finally:
        os._exit(0)


def _answer(case: Case, peer: Peer) -> dict[str, object]:
    """What the peer says of a case, or why it says nothing, with the CPU time and the memory that it took."""
    answer: dict[str, object]
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        answer = peer(case)
    except MemoryError:
        answer = {"outcome": "memory"}
    except BaseException as error:
        answer = {"outcome": "raised", "detail": f"{type(error).__name__}: {str(error)[:100]}"}
    answer.setdefault("seconds", time.process_time() - start)
    answer["peak"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return answer


#: Folders from which a case may read: those of the library, and of modules that Python imports late.
READABLE = tuple(str(Path(place).resolve()) for place in {sys.prefix, sys.base_prefix, *sys.path} if place)
#: Audit events that no case may cause.
FORBIDDEN = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook that refuses network connections, other programs, and files outside of ``READABLE``."""
    if event in FORBIDDEN:
        raise PermissionError(f"a case may not do {event}")
    if event == "open" and isinstance(path := arguments[0], str | bytes):
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - resolve() would open files
        if not place.startswith(READABLE):
            raise PermissionError(f"a case may not open {place}")


def broken(result: Result) -> str:
    """The promise that a result breaks; "" if it breaks none."""
    if result.seconds > SECONDS:
        return f"{result.seconds:.1f} s"
    if result.outcome not in ("ok", "refused"):
        return f"{result.outcome} {result.detail}"
    if result.lost:
        return "text lost without a flag"
    if result.leaked:
        return "rejected text in the output"
    if result.active:
        return "active content in the output"
    if result.peak > PEAK_MEMORY:
        return f"{result.peak >> 20} MiB"
    if is_slow_for_its_size(result):
        return f"{result.seconds:.1f} s for {result.bytes:,} bytes"
    return ""


def is_slow_for_its_size(result: Result) -> bool:
    """Whether a case takes more CPU time for each megabyte than is promised."""
    return result.seconds > max(ALWAYS_ALLOWED, SECONDS_PER_MEGABYTE * max(result.bytes, SMALL_SOURCE) / 1e6)


def growth(results: Iterable[Result]) -> dict[str, float]:
    """The exponent with which CPU time grows with size, fitted to the ``FITTED`` largest cases of each series.

    Series whose largest case takes less than ``MEASURABLE`` seconds are left out, and so are those of one size.
    """
    series: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.series and result.outcome == "ok":
            series[result.series].append(result)
    exponents = {}
    for name, members in series.items():
        largest = sorted(members, key=lambda r: r.bytes)[-FITTED:]
        if largest[-1].bytes >= 1.5 * largest[0].bytes and largest[-1].seconds >= MEASURABLE:
            sizes = [math.log(r.bytes) for r in largest]
            times = [math.log(max(r.seconds, 1e-4)) for r in largest]
            exponents[name] = statistics.linear_regression(sizes, times).slope
    return exponents


def with_shorter_times(results: list[Result], repeated: list[Result]) -> list[Result]:
    """The results with the shortest time of each case: what other programs of the machine add is no property of it."""
    shortest = {result.case: result.seconds for result in results}
    for result in repeated:
        if result.outcome == "ok":
            shortest[result.case] = min(shortest[result.case], result.seconds)
    return [replace(result, seconds=shortest[result.case]) for result in results]


def folder(path: Path) -> Iterator[Case]:
    """Cases in files, as ``manifest.jsonl`` lists them."""
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
    """Runs the command and returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--largest", type=int, default=200_000, help="size in bytes of the largest generated cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer", choices=sorted(PEERS), default="cleaner")
    parser.add_argument(
        "--seconds", type=int, default=SECONDS, help="CPU seconds; a case is killed after 3 times as many"
    )
    parser.add_argument("--known", nargs="*", default=[], help="cases that are documented to break a promise")
    parser.add_argument("--only", default="", help="run the cases whose names begin with this")
    arguments = parser.parse_args()
    for source in (page(), article()):  # what is read on first use counts for no case
        PEERS[arguments.peer](Case("warm", source))

    def selected() -> Iterator[Case]:
        every = folder(arguments.folder) if arguments.folder else cases(arguments.seed, arguments.largest)
        return (case for case in every if case.name.startswith(arguments.only))

    measure = partial(run, peer=PEERS[arguments.peer], kill_after=3 * arguments.seconds)
    results: list[Result] = []
    for case in selected():
        results.append(measure(case))
        if problem := broken(results[-1]):
            print(f"{case.name}: {problem}", file=sys.stderr, flush=True)
    steep = {name for name, exponent in growth(results).items() if exponent > EXPONENT}
    slow = {result.case for result in results if is_slow_for_its_size(result)}
    if steep or slow:
        asked = (case for case in selected() if case.series in steep or case.name in slow)
        results = with_shorter_times(results, [measure(case) for case in asked for _ in range(REPEATS)])
    report(results)
    too_steep = any(exponent > EXPONENT for exponent in growth(results).values())
    return int(too_steep or any(broken(result) for result in results if result.case not in arguments.known))


def report(results: list[Result]) -> None:
    """Prints a table by class of case, the CPU time and the steepest series."""
    classes: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        classes[result.case.split("/")[0]].append(result)
    print("| class | cases | raised | time or memory | lost unflagged | leaked | flagged | s a MB, worst | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, part in [*classes.items(), ("all", results)]:
        count = {outcome: sum(r.outcome == outcome for r in part) for outcome in ("raised", "died", "time", "memory")}
        rate = max((1e6 * r.seconds / max(r.bytes, SMALL_SOURCE) for r in part), default=0)
        print(
            f"| {name} | {len(part)} | {count['raised'] + count['died']} | {count['time'] + count['memory']} | "
            f"{sum(r.lost for r in part)} | {sum(r.leaked or r.active for r in part)} | {sum(bool(r.flags) for r in part)} | "
            f"{rate:.2f} | {max((r.peak for r in part), default=0) >> 20} |"
        )
    print(f"\nCPU seconds in all: {sum(r.seconds for r in results):.0f}. Steepest series:")
    steepest = sorted(growth(results).items(), key=lambda item: -item[1])
    for name, exponent in steepest[:8]:
        print(f"{exponent:5.2f} {name}")


if __name__ == "__main__":
    sys.exit(main())
