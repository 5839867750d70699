"""What holds for all adapters: who does not use them pays nothing, and who lacks a package is told which extra has it."""

from collections import Counter

import pytest
from helpers import TYPICAL_PAGE, TYPICAL_TEXT, run_python

from cleaner import Cleaner, Document, Metadata, label
from cleaner.export.record import (
    FIELDS,
    METADATA_FIELDS,
    RecordOptions,
    removed_by_label,
    removed_by_rule,
    to_record,
)
from cleaner.integrations.common import clean_record
from cleaner.text.characters import encodable

TEXT = TYPICAL_TEXT.read_text("utf-8")
PAGE = TYPICAL_PAGE.read_text("utf-8")
FRAMEWORKS = ["scrapy", "datatrove", "pyarrow", "langchain_core", "ray", "polars", "pandas", "datasets", "web_poet"]


def test_the_library_imports_no_framework():
    code = f"import sys, cleaner; cleaner.clean('x'); print([m for m in sys.modules if m in {FRAMEWORKS!r} or 'integrations' in m])"
    assert run_python(code).stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module, package",
    [("arrow", "pyarrow"), ("datatrove", "datatrove"), ("langchain", "langchain_core"), ("scrapy", "scrapy")],
)
def test_a_missing_package_is_told_with_its_extra(module, package):
    code = f"import sys; sys.modules[{package!r}] = None; import cleaner.integrations.{module}"
    done = run_python(code, check=False)
    assert done.stderr.splitlines()[-1].startswith("ImportError: ")
    assert f"pip install 'article-cleaner[{module}]'" in done.stderr.splitlines()[-1]


def test_no_source_raises():
    assert clean_record(Cleaner(), TEXT).document == label(TEXT)
    assert clean_record(Cleaner(), TEXT, only_text=True).text == label(TEXT).text
    for source, kind in ((None, "NoSource"), (5, "TypeError"), ("x" * 11, "InputTooLarge")):
        result = clean_record(Cleaner(max_size=10), source)
        assert (result.text, result.document, result.error_kind) == ("", None, kind)
        assert result.error


def test_an_address_that_is_no_string_is_none():
    assert clean_record(Cleaner(), TEXT, url=["no", "address"]).document == label(TEXT)


def test_the_old_import_path_is_gone():
    assert "ModuleNotFoundError" in run_python("import cleaner.pipelines", check=False).stderr


# -- the fields of a record --------------------------------------------------------------------------------------------


def test_a_record_has_the_facts_of_its_document():
    doc = label(TEXT)
    record = to_record(doc)
    assert tuple(record) == FIELDS
    assert record == {name: getattr(doc, name) for name in FIELDS} | {"flags": list(doc.flags)}


@pytest.mark.parametrize(
    "name, exporter", [("text", lambda doc: doc.text), ("markdown", Document.to_markdown), ("html", Document.to_html)]
)
def test_the_text_of_a_record_has_a_format(name, exporter):
    doc = label(PAGE)
    record = to_record(doc, RecordOptions(name))
    assert record == to_record(doc) | {"text": exporter(doc)}
    assert clean_record(Cleaner(), PAGE, options=RecordOptions(name)).fields == record
    alone = clean_record(Cleaner(), PAGE, only_text=True, options=RecordOptions(name))
    assert (alone.text, alone.fields, alone.document) == (exporter(doc), {"text": exporter(doc)}, None)


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="the output format is one of text, markdown, html, not 'xml'"):
        RecordOptions("xml")


def test_the_metadata_of_a_record():
    metadata = Metadata(title="A", authors=("Ann Lee", "Mads Holm"), date="2026-03-03", site="Courier", description="B")
    options = RecordOptions(metadata=True)
    record = to_record(Document(stated=metadata), options)
    assert tuple(record) == options.names == (*FIELDS, *METADATA_FIELDS)
    assert [record[name] for name in METADATA_FIELDS] == [["Ann Lee", "Mads Holm"], "2026-03-03", "Courier", "B"]


def test_a_record_can_be_written():
    doc = Document(stated=Metadata(headline="F\ud83dhre\x1b[1m"))
    assert to_record(doc)["title"] == "Fhre[1m"


def test_removed_blocks_are_counted_by_rule_and_by_label():
    doc = label(TEXT)
    by_rule = removed_by_rule(doc)
    assert list(by_rule.values()) == sorted(by_rule.values(), reverse=True)
    by_label = Counter()
    for name, count in by_rule.items():
        by_label[name.split(".")[0]] += count
    assert by_label == removed_by_label(doc) == Counter(block.label.value for block in doc.removed)
    assert any(not name.endswith(".model") for name in by_rule)


def test_text_that_can_be_written():
    assert encodable("Fähre \ud83d 🛥") == "Fähre ? 🛥"
