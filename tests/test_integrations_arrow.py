"""ArrowCleaner, in each of the frameworks that it serves: as many rows come out as went in, whatever is in them."""

import os
import pickle
import sys

import pytest
from helpers import ROOT, TYPICAL_PAGE, TYPICAL_TEXT

pa = pytest.importorskip("pyarrow")

from cleaner import Cleaner, Document, clean, label
from cleaner.integrations.arrow import ArrowCleaner, ArrowMemory

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
NAMES = ["text", "title", "lang", "page_type", "confidence", "flags", "error"]

slow = pytest.mark.slow


def table():
    return pa.table({"id": [7, 8, 9, 10], "html": [PAGE, None, "", TEXT]})


def check(texts, errors):
    assert list(texts) == [clean(PAGE), None, "", clean(TEXT)]
    assert list(errors) == [None, "no source", None, None]


def test_a_table_gets_its_columns():
    out = ArrowCleaner()(table())
    assert out.column_names == ["id", "html", *NAMES]
    assert out.select(["id", "html"]) == table()
    check(out["text"].to_pylist(), out["error"].to_pylist())
    doc, row = label(PAGE), out.to_pylist()[0]
    assert (row["title"], row["lang"], row["page_type"]) == (doc.title, doc.lang, doc.page_type)
    assert row["confidence"] == pytest.approx(doc.confidence, abs=1e-4)
    assert row["flags"] == []
    assert all(value is None for name, value in out.to_pylist()[1].items() if name in NAMES[:-1])
    assert out.schema == ArrowCleaner().schema(table().schema)


def test_a_batch_stays_a_batch():
    (batch,) = table().to_batches()
    out = ArrowCleaner()(batch)
    assert isinstance(out, pa.RecordBatch)
    check(out["text"].to_pylist(), out["error"].to_pylist())
    assert ArrowCleaner()(batch.slice(0, 0)).num_rows == 0


def test_a_table_in_chunks_and_of_other_string_types():
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        chunked = pa.chunked_array([pa.array([PAGE, None], kind), pa.array(["", TEXT], kind)])
        out = ArrowCleaner()(pa.table({"html": chunked}))
        check(out["text"].to_pylist(), out["error"].to_pylist())


def test_bytes_are_decoded():
    page = "<meta charset=iso-8859-1><p>Die Fähre fährt am Montag wieder, sagte der Bürgermeister der Insel.</p>"
    for kind in (pa.binary(), pa.large_binary()):
        out = ArrowCleaner()(pa.table({"html": pa.array([page.encode("latin-1")], kind)}))
        assert out["text"].to_pylist() == [clean(page)]


def test_bad_values_are_errors_of_their_row_alone():
    invalid = pa.array([PAGE.encode(), b"<p>Caf\xe9 Central is open again, the owner said on Monday.</p>"]).view(
        pa.string()
    )
    out = ArrowCleaner()(pa.table({"html": invalid}))
    assert out["text"].to_pylist() == [clean(PAGE), "Café Central is open again, the owner said on Monday."]
    out = ArrowCleaner()(pa.table({"html": [1, 2]}))
    assert out["text"].to_pylist() == [None, None]
    assert all(error.startswith("TypeError: ") for error in out["error"].to_pylist())
    out = ArrowCleaner(max_size=50)(table())
    assert out["error"].to_pylist()[0].startswith("InputTooLarge: ")
    assert out["text"].to_pylist()[2] == ""


def test_a_lone_surrogate_in_a_title_fails_no_batch():
    page = PAGE.replace("<title>", "<title>\ud83d &#xD83D; ").replace("<p>", "<p>\ud83d ")
    pd = pytest.importorskip("pandas")  # whose strings may hold what Arrow's may not
    out = ArrowCleaner()(pd.DataFrame({"html": pd.Series([page], dtype=object)}))
    assert out["text"][0].encode()
    assert out["title"][0].encode()


def test_no_column_is_replaced():
    with pytest.raises(ValueError, match="choose a prefix"):
        ArrowCleaner("text")(pa.table({"text": [TEXT]}))
    out = ArrowCleaner("text", prefix="clean_", only_text=True)(pa.table({"text": [TEXT]}))
    assert out.column_names == ["text", "clean_text", "clean_error"]
    assert out["clean_text"].to_pylist() == [clean(TEXT)]
    with pytest.raises(ValueError, match="no column 'html'; there are 'a'"):
        ArrowCleaner()(pa.table({"a": [1]}))


def test_addresses_and_options():
    from cleaner import rules

    pack = rules.parse(
        'hosts = ["a.example"]\n[other.cat]\nstrength = "always"\npatterns = ["the inquiry, led by"]', "own.toml"
    )
    sources = pa.table({"html": [TEXT] * 3, "url": ["https://a.example/x", "https://b.example/", None]})
    out = ArrowCleaner(url_column="url", packs=[pack])(sources)["text"].to_pylist()
    assert out[0] != out[1] == out[2] == clean(TEXT)
    assert ArrowCleaner(keep=[])(table())["text"].to_pylist()[0] == ""
    with pytest.raises(TypeError, match="options belong to the Cleaner"):
        ArrowCleaner(cleaner=Cleaner(), keep=[])


FORMATS = {"text": Document.text.func, "markdown": Document.to_markdown, "html": Document.to_html}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("only_text", [False, True])
def test_formats(name, only_text):
    out = ArrowCleaner(output_format=name, only_text=only_text)(table())
    wanted = FORMATS[name]
    assert out["text"].to_pylist() == [wanted(label(PAGE)), None, "", wanted(label(TEXT))]
    assert out["error"].to_pylist() == [None, "no source", None, None]


def test_metadata():
    stated = """<meta name="author" content="Ann Lee"><meta name="description" content="A vote.">
    <meta property="article:published_time" content="2026-03-03"><meta property="og:site_name" content="Courier">"""
    cleaner = ArrowCleaner(metadata=True)
    out = cleaner(pa.table({"html": [PAGE.replace("<title>", f"{stated}<title>", 1), None]}))
    assert out.column_names == ["html", *NAMES[:-1], "authors", "date", "site", "description", "error"]
    assert out.schema == cleaner.schema(pa.schema([("html", pa.string())]))
    row, missing = out.to_pylist()
    doc = label(PAGE.replace("<title>", f"{stated}<title>", 1))
    assert (row["authors"], row["date"]) == (list(doc.stated.authors), doc.stated.date)
    assert (row["site"], row["description"]) == (doc.stated.site, doc.stated.description)
    assert "Ann Lee" in row["authors"]
    assert (missing["authors"], missing["site"]) == (None, None)
    assert "`authors` array<string>, `date` string" in cleaner.ddl


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="the output format is one of text, markdown, html, not 'md'"):
        ArrowCleaner(output_format="md")


def test_it_can_be_pickled():
    copy = pickle.loads(pickle.dumps(ArrowCleaner("html", keep=["body"], prefix="x_")))
    assert copy(table()) == ArrowCleaner("html", keep=["body"], prefix="x_")(table())


def test_an_iterator_of_batches_as_spark_has_it():
    taken = []

    def batches():
        for batch in table().to_batches(max_chunksize=3):
            taken.append(batch.num_rows)
            yield batch

    stream = ArrowCleaner().stream(batches())
    assert taken == []
    assert next(stream).num_rows == 3
    assert taken == [3], "no batch is read before it is needed"
    assert next(stream).num_rows == 1
    assert ArrowCleaner(prefix="a_", only_text=True).ddl == "`a_text` string, `a_error` string"


# -- the frameworks ----------------------------------------------------------------------------------------------------


def test_pandas():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"n": [1, 2, 3, 4, 5], "html": [PAGE, None, float("nan"), 5, TEXT]}, index=[0, 0, 1, 1, 2])
    frame["html"] = frame["html"].astype(object)
    out = ArrowCleaner()(frame)
    assert list(out.columns) == ["n", "html", *NAMES]
    assert list(out.index) == [0, 0, 1, 1, 2]
    assert out["n"].tolist() == [1, 2, 3, 4, 5]
    texts = [None if gone else text for text, gone in zip(out["text"], out["text"].isna(), strict=True)]
    assert texts == [clean(PAGE), None, None, None, clean(TEXT)]
    assert out["error"].iloc[3].startswith("TypeError")
    assert list(frame.columns) == ["n", "html"], "the frame that is passed stays as it is"


def test_polars():
    pl = pytest.importorskip("polars")
    frame = pl.from_arrow(table())
    out = ArrowCleaner()(frame)
    assert out.columns == ["id", "html", *NAMES]
    check(out["text"].to_list(), out["error"].to_list())
    lazy = frame.lazy().map_batches(ArrowCleaner(), schema=out.schema)
    assert lazy.collect().equals(out)
    assert lazy.filter(pl.col("error").is_null()).select("text").collect().height == 3


def test_a_lazy_frame_is_told_from_a_frame():
    pl = pytest.importorskip("polars")
    with pytest.raises(TypeError, match=r"a batch is .*, not LazyFrame"):
        ArrowCleaner()(pl.DataFrame({"html": [PAGE]}).lazy())


@pytest.mark.filterwarnings("ignore")
def test_hugging_face_datasets(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict(table().to_pydict())
    out = dataset.with_format("arrow").map(
        ArrowCleaner(), batched=True, batch_size=2, cache_file_name=str(tmp_path / "c.arrow")
    )
    out = out.with_format(None)
    assert out.column_names == ["id", "html", *NAMES]
    check(out["text"], out["error"])
    stream = dataset.to_iterable_dataset().with_format("arrow").map(ArrowCleaner(), batched=True, batch_size=3)
    rows = list(stream.with_format(None))
    check([row["text"] for row in rows], [row["error"] for row in rows])


def test_a_dict_of_columns():
    rows = table().to_pydict()
    out = ArrowCleaner()(rows)
    assert list(out) == ["id", "html", *NAMES]
    check(out["text"], out["error"])
    assert list(rows) == ["id", "html"], "the dict that is passed stays as it is"
    with pytest.raises(ValueError, match="no column 'page'; there are 'id', 'html'"):
        ArrowCleaner("page")(rows)
    with pytest.raises(TypeError, match="batched=True"):
        ArrowCleaner()({"html": PAGE})
    with pytest.raises(TypeError, match=r"a batch is .*, not list"):
        ArrowCleaner()([PAGE])


def test_a_dict_of_arrays_as_ray_has_it():
    np = pytest.importorskip("numpy")
    out = ArrowCleaner(only_text=True)({"html": np.array([PAGE, TEXT], object), "n": np.arange(2)})
    assert out["text"] == [clean(PAGE), clean(TEXT)]


def test_a_pandas_series():
    pd = pytest.importorskip("pandas")
    series = pd.Series([PAGE, None, TEXT], index=["a", "b", "b"], name="html", dtype=object)
    out = ArrowCleaner()(series)
    assert list(out.columns) == NAMES
    assert list(out.index) == ["a", "b", "b"]
    assert out["text"].tolist()[::2] == [clean(PAGE), clean(TEXT)]
    with pytest.raises(ValueError, match="a series has no column 'url'"):
        ArrowCleaner(url_column="url")(series)


def test_a_polars_expression():
    pl = pytest.importorskip("polars")
    frame = pl.from_arrow(table())
    cleaner = ArrowCleaner(metadata=True)
    expression = pl.col("html").map_batches(cleaner, return_dtype=cleaner.dtype)
    out = frame.lazy().with_columns(expression.struct.unnest()).collect()
    assert out.columns == ["id", "html", *cleaner.names]
    check(out["text"].to_list(), out["error"].to_list())
    only = frame.select(expression.struct.field("title", "error"))
    assert only.columns == ["title", "error"]


@pytest.mark.filterwarnings("ignore")
def test_hugging_face_datasets_without_a_format(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    dataset = datasets.Dataset.from_dict(table().to_pydict())
    out = dataset.map(ArrowCleaner(), batched=True, batch_size=2, cache_file_name=str(tmp_path / "c.arrow"))
    assert out.column_names == ["id", "html", *NAMES]
    check(out["text"], out["error"])
    stream = dataset.to_iterable_dataset().map(ArrowCleaner(), batched=True, batch_size=3)
    rows = list(stream)
    check([row["text"] for row in rows], [row["error"] for row in rows])


@slow
@pytest.mark.filterwarnings("ignore")
def test_ray_data():
    pytest.importorskip("ray.data")
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        pages = ray.data.from_arrow(pa.concat_tables([table()] * 5)).repartition(3)
        out = pages.map_batches(ArrowCleaner("html"), batch_format="pyarrow", batch_size=4, zero_copy_batch=True)
        rows = out.take_all()
    finally:
        ray.shutdown()
    assert len(rows) == 20
    assert sorted(row["text"] or "" for row in rows) == sorted([clean(PAGE), "", "", clean(TEXT)] * 5)


@slow
@pytest.mark.filterwarnings("ignore")
def test_spark(monkeypatch, tmp_path):
    sql = pytest.importorskip("pyspark.sql")
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.warehouse.dir", str(tmp_path))
    try:
        spark = builder.getOrCreate()
    except Exception as error:
        pytest.skip(f"Spark does not start: {error}")
    try:
        pages = spark.createDataFrame(table().to_pylist(), "id long, html string").repartition(2)
        cleaner = ArrowCleaner("html")
        out = pages.mapInArrow(cleaner.stream, f"id long, html string, {cleaner.ddl}")
        rows = sorted(out.collect(), key=lambda row: row["id"])
    finally:
        spark.stop()
    check([row["text"] for row in rows], [row["error"] for row in rows])
    assert rows[0]["flags"] == []


# -- site memory -------------------------------------------------------------------------------------------------------

NOTICE = "Every word of the Courier is printed on paper from the mill at Vik, as it has been for a hundred years."


def story_table(numbers):
    from test_memory import address, article

    return pa.table({"text": [article(n, NOTICE) for n in numbers], "url": [address(n) for n in numbers]})


def check_merged(results, tmp_path):
    from test_memory import address, article, filled, saved, story

    memory = ArrowMemory("text").merged(results)
    assert saved(memory, tmp_path / "a") == saved(filled(range(40), NOTICE), tmp_path / "b")
    assert ArrowCleaner("text", url_column="url", prefix="own_", memory=memory)(story_table([99]))[
        "own_text"
    ].to_pylist() == ["\n\n".join(story(99))]
    assert Cleaner(memory=memory).clean(article(98, NOTICE), url=address(98)) == "\n\n".join(story(98))


def test_memories_of_batches_are_merged(tmp_path):
    gather = ArrowMemory("text")
    batches = [story_table(range(part, 40, 4)) for part in range(4)]
    check_merged([gather(batch)["memory"][0].as_py() for batch in reversed(batches)], tmp_path)
    (whole,) = gather.stream(batches)
    check_merged(whole["memory"].to_pylist(), tmp_path)


def test_rows_without_an_address_or_source_are_left_out():
    table = pa.table(
        {"html": [None, "<p>Ferry</p>", "<p>The ferry sailed.</p>"], "url": ["https://a.example/", None, "x"]}
    )
    assert ArrowMemory().merged(ArrowMemory()(table)["memory"].to_pylist()).sites == []
    with pytest.raises(ValueError, match="no column 'url'"):
        ArrowMemory()(table.drop_columns("url"))
    with pytest.raises(ValueError, match="lines_per_site"):
        ArrowMemory(lines_per_site=1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_memories_on_ray(tmp_path):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False)
    try:
        dataset = ray.data.from_arrow([story_table(range(part, 40, 4)) for part in range(4)])
        rows = dataset.map_batches(ArrowMemory("text"), batch_format="pyarrow").take_all()
        check_merged([row["memory"] for row in rows], tmp_path)
    finally:
        ray.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_memories_on_spark(tmp_path):
    sql = pytest.importorskip("pyspark.sql")
    spark = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        pages = spark.createDataFrame(story_table(range(40)).to_pandas()).repartition(3)
        rows = pages.mapInArrow(ArrowMemory("text").stream, ArrowMemory.DDL).toLocalIterator()
        check_merged([bytes(row.memory) for row in rows], tmp_path)
    finally:
        spark.stop()
