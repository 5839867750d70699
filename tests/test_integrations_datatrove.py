"""The datatrove step: alone, under its executors, and in the recipe that resumes."""

import json
import pickle

import pytest
from helpers import TYPICAL_PAGE, TYPICAL_TEXT

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner import Cleaner, clean, label
from cleaner.integrations.datatrove import ArticleCleaner, MemoryBuilder, MemoryMerger

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"

pytestmark = pytest.mark.filterwarnings("ignore")


def documents():
    page = Document(PAGE, "a", metadata={"url": "https://a.example/1", "title": "theirs"})
    return [page, Document(TEXT, "b"), Document(EMPTY, "c")]


def counts(step):
    return {name: stat.total for name, stat in step.stats.stats.items()}


def test_it_cleans_counts_and_says_why():
    step = ArticleCleaner()
    page, text = step(documents())
    assert (page.id, page.text) == ("a", clean(PAGE))
    assert (text.id, text.text) == ("b", clean(TEXT))
    doc = label(PAGE)
    assert page.metadata["title"] == "theirs"
    assert page.metadata["cleaner_title"] == doc.title
    assert page.metadata["cleaner_problem"] == ""
    why = json.loads(page.metadata["cleaner_removed"])
    assert sum(why.values()) == len(doc.removed)
    assert {name.split(".")[0] for name in why} == {block.label for block in doc.removed}
    assert set(page.metadata) - {"url", "title"} == set(text.metadata)
    seen = counts(step)
    assert (seen["total"], seen["forwarded"], seen["dropped"], seen["dropped_empty"]) == (3, 2, 1, 1)
    both = label(PAGE).removed + label(TEXT).removed + label(EMPTY).removed
    assert seen["removed_subscription"] == sum(block.label == "subscription" for block in both)


def test_what_is_dropped_can_be_kept_or_sidelined(tmp_path):
    kept = ArticleCleaner(keep_empty=True)
    assert [doc.text for doc in kept(documents())] == [clean(PAGE), clean(TEXT), ""]
    assert counts(kept)["kept_empty"] == 1
    step = ArticleCleaner(exclusion_writer=JsonlWriter(str(tmp_path), compression=None), max_size=len(PAGE))
    bad = Document(5, "d")
    assert len(TEXT) > len(PAGE) > len(EMPTY)
    assert [doc.id for doc in step([*documents(), bad])] == ["a"]
    rows = [json.loads(line) for line in (tmp_path / "00000.jsonl").read_text().splitlines()]
    assert [(row["id"], row["text"]) for row in rows] == [("b", TEXT), ("c", EMPTY), ("d", "5")]
    problems = [row["metadata"]["cleaner_problem"].split(":")[0] for row in rows]
    assert problems == ["InputTooLarge", "empty", "TypeError"]
    assert {"dropped_InputTooLarge", "dropped_empty", "dropped_TypeError"} <= set(counts(step))


def test_the_text_alone():
    step = ArticleCleaner(reasons=False)
    page, text = step(documents())
    assert (page.text, text.text) == (clean(PAGE), clean(TEXT))
    assert text.metadata == {"cleaner_problem": ""}


@pytest.mark.parametrize("reasons", [True, False])
def test_formats(reasons):
    page, text = ArticleCleaner(output_format="html", reasons=reasons)(documents())
    assert (page.text, text.text) == (label(PAGE).to_html(), label(TEXT).to_html())
    with pytest.raises(ValueError, match="output format is one of"):
        ArticleCleaner(output_format="pdf")


def test_metadata_are_strings_and_every_document_has_them():
    stated = '<meta name="author" content="Ann Lee"><meta property="og:site_name" content="Courier"><title>'
    page, empty = (Document(source, "a") for source in (PAGE.replace("<title>", stated, 1), EMPTY))
    step = ArticleCleaner(metadata=True, keep_empty=True, max_size=len(page.text))
    docs = list(step([page, empty, Document("x" * 100_000, "c")]))
    found = label(PAGE.replace("<title>", stated, 1)).metadata
    assert docs[0].metadata["cleaner_authors"] == found.author
    assert docs[0].metadata["cleaner_site"] == found.site == "Courier"
    assert docs[2].metadata["cleaner_problem"].startswith("InputTooLarge")
    assert [set(doc.metadata) for doc in docs[1:]] == [set(docs[0].metadata)] * 2
    assert all(isinstance(value, str | float) for doc in docs for value in doc.metadata.values())


def test_it_can_be_pickled_and_takes_a_policy():
    step = pickle.loads(pickle.dumps(ArticleCleaner(cleaner=Cleaner(keep=["caption"]))))
    assert next(iter(step(documents()))).text == Cleaner(keep=["caption"]).clean(PAGE)
    with pytest.raises(TypeError, match="options belong"):
        ArticleCleaner(cleaner=Cleaner(), threshold=0.4)
    with pytest.raises(ValueError, match="threshold"):
        ArticleCleaner(threshold=4)


# -- under executors ---------------------------------------------------------------------------------------------------


def source(name):
    return f"Hearing {name} of the inquiry was held in Norvale on Monday, the minister's office said.\n\n{TEXT}"


def write_shards(folder, shards=4, rows=5):
    """JSONL shards: pages and texts that can be told apart, and one page of each shard with nothing to keep."""
    folder.mkdir(parents=True)
    for shard in range(shards):
        lines = [{"id": f"{shard}-{n}", "text": source(f"{shard}-{n}")} for n in range(rows)]
        lines.append({"id": f"{shard}-empty", "text": EMPTY})
        (folder / f"{shard}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def run(kind, tmp_path, **options):
    steps = [
        JsonlReader(str(tmp_path / "in")),
        ArticleCleaner(exclusion_writer=JsonlWriter(str(tmp_path / "dropped"), compression=None)),
        JsonlWriter(str(tmp_path / "out"), compression=None),
    ]
    executor = kind(steps, tasks=4, workers=2, logging_dir=str(tmp_path / "logs"), **options)
    executor.run()
    return executor


def read(folder):
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def check(executor, tmp_path):
    assert executor.get_incomplete_ranks() == []
    rows = read(tmp_path / "out")
    assert sorted(row["id"] for row in rows) == sorted(f"{shard}-{n}" for shard in range(4) for n in range(5))
    assert all(row["text"] == clean(source(row["id"])) for row in rows)
    assert rows[0]["text"].startswith(f"Hearing {rows[0]['id']} of")
    assert sorted(row["id"] for row in read(tmp_path / "dropped")) == [f"{shard}-empty" for shard in range(4)]
    (stats,) = [s for s in json.loads((tmp_path / "logs/stats.json").read_text()) if "Article cleaner" in s["name"]]
    found = {name: stat["total"] if isinstance(stat, dict) else stat for name, stat in stats["stats"].items()}
    assert (found["total"], found["forwarded"], found["dropped_empty"]) == (24, 20, 4)


def test_on_two_local_workers(tmp_path):
    write_shards(tmp_path / "in")
    check(run(LocalPipelineExecutor, tmp_path), tmp_path)


@pytest.mark.slow
def test_on_a_local_ray_cluster(tmp_path):
    ray = pytest.importorskip("ray")
    write_shards(tmp_path / "in")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        executor = run(RayPipelineExecutor, tmp_path, mem_per_cpu_gb=0.5)
    finally:
        ray.shutdown()
    check(executor, tmp_path)


# -- site memory -------------------------------------------------------------------------------------------------------

NOTICE = "Every word of the Courier is printed on paper from the mill at Vik, as it has been for a hundred years."


def stories(tmp_path):
    """Four files of ten articles each, all with the same notice, which no rule knows."""
    from test_memory import address, article

    (tmp_path / "in").mkdir()
    for part in range(4):
        numbers = range(part * 10, part * 10 + 10)
        rows = [{"id": str(n), "text": article(n, NOTICE), "url": address(n)} for n in numbers]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / "in" / f"{part}.jsonl").write_text(lines, "utf-8")
    return str(tmp_path / "in")


def two_stages(tmp_path, executor, **options):
    """Count in each shard, merge, clean."""
    source, memory = stories(tmp_path), tmp_path / "sites.memory"
    steps = [
        [JsonlReader(source), MemoryBuilder(tmp_path / "parts")],
        [MemoryMerger(tmp_path / "parts", memory)],
    ]
    for number, stage in enumerate(steps):
        executor(
            pipeline=stage, tasks=4 if number == 0 else 1, logging_dir=str(tmp_path / f"logs{number}"), **options
        ).run()
    clean = [JsonlReader(source), ArticleCleaner(memory=memory), JsonlWriter(str(tmp_path / "out"), compression=None)]
    executor(pipeline=clean, tasks=4, logging_dir=str(tmp_path / "logs2"), **options).run()
    rows = [json.loads(line) for path in sorted((tmp_path / "out").iterdir()) for line in path.open(encoding="utf-8")]
    return memory.read_bytes(), rows


def check_two_stages(memory, rows, tmp_path):
    from test_memory import filled, saved

    assert memory == saved(filled(range(40), NOTICE), tmp_path / "whole.memory")
    assert len(rows) == 40
    assert not any(NOTICE in row["text"] for row in rows)
    assert json.loads(rows[0]["metadata"]["cleaner_removed"]) == {"other.recurring": 1}


def test_two_stages_with_two_workers(tmp_path):
    check_two_stages(*two_stages(tmp_path, LocalPipelineExecutor, workers=2), tmp_path)


@pytest.mark.slow
def test_two_stages_on_ray(tmp_path):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False)
    try:
        check_two_stages(*two_stages(tmp_path, RayPipelineExecutor, mem_per_cpu_gb=0.5), tmp_path)
    finally:
        ray.shutdown()


def test_a_builder_passes_documents_on_and_counts(tmp_path):
    step = MemoryBuilder(tmp_path / "parts")
    assert [doc.id for doc in step(documents())] == ["a", "b", "c"]
    assert (counts(step)["total"], counts(step)["added"], counts(step)["without_address"]) == (3, 1, 2)
    assert (tmp_path / "parts" / "00000.memory").exists()
    assert pickle.loads(pickle.dumps(step)).folder == step.folder
