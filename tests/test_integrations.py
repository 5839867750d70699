"""What holds for all adapters: who does not use them pays nothing, and who lacks a package is told which extra has it."""

from collections import Counter

import pytest
from helpers import TYPICAL_TEXT, run_python

from cleaner import Cleaner, Document, Metadata, label
from cleaner.export.record import FIELDS, removed_by_label, removed_by_rule, to_record
from cleaner.integrations.common import clean_record
from cleaner.text.characters import encodable

TEXT = TYPICAL_TEXT.read_text("utf-8")
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
    assert done.stderr.strip().endswith(f"pip install 'article-cleaner[{module}]'")


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


def test_a_record_can_be_written():
    doc = Document(metadata=Metadata(headline="F\ud83dhre\x1b[1m"))
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
