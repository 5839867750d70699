"""Compiled packs are what the TOML files give; without them, or with stale ones, the TOML files are read."""

import json

import pytest
import regex

from cleaner import rules
from cleaner.rules import compiled, compiled_index, packs, select, stored_regex, tables, toml
from cleaner.rules.index import PackIndex
from cleaner.text.data_files import read_data

NAMES = ("shared", *rules.languages())


def source_of(name: str) -> bytes:
    return read_data("cleaner.rules", f"data/{name}.toml")


CONCEPTS = toml.parse_concepts(source_of("concepts").decode(), "concepts.toml")


def patterns(index: PackIndex) -> list[rules.Pattern]:
    return [index.patterns[number] for number in range(len(index.patterns))]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(compiled_index.files(("shared", "de", "ja")))


@pytest.fixture
def stored(monkeypatch, files):
    """The compiled files as the loader sees them; a test may change them."""
    seen = dict(files)

    def read(package: str, name: str) -> bytes:
        folder, _, rest = name.rpartition("/")
        if folder != f"data/{compiled.FOLDER}":
            return read_data(package, name)
        if rest not in seen:
            raise FileNotFoundError(name)
        return seen[rest]

    monkeypatch.setattr(compiled, "read_data", read)
    return seen


def read_index(name: str, source: bytes | None = None) -> PackIndex | None:
    return compiled_index.read_index(name, source_of(name) if source is None else source)


def test_there_is_a_file_for_the_concepts_and_for_each_pack(files):
    assert set(files) == {f"{name}.json" for name in ("concepts", "shared", "de", "ja")}


@pytest.mark.parametrize("name", ["shared", "de", "ja"])
def test_a_compiled_pack_equals_its_toml_file(stored, name):
    """The same rules, patterns and tables, where JSON has lists for tuples."""
    index, pack = read_index(name), rules.bundled(name)
    assert index is not None
    assert index.rules == tables.indexed_rules(pack)
    assert patterns(index) == tables.patterns_of(pack)
    assert [each.required for each in patterns(index)] == [each.required for each in tables.patterns_of(pack)]
    assert index.tables == tables.tables_of(pack)


@pytest.mark.parametrize("name", ["shared", "de", "ja"])
def test_stored_patterns_are_what_compiling_gives(stored, name):
    index = read_index(name)
    assert index is not None
    for pattern, other in zip(patterns(index), tables.patterns_of(rules.bundled(name)), strict=True):
        assert pattern.stored is not None
        assert stored_regex.dump(pattern.compiled) == stored_regex.dump(other.compiled)
        assert pattern.compiled.flags == other.compiled.flags


def test_patterns_of_another_version_of_the_regex_package_are_compiled(stored, monkeypatch):
    monkeypatch.setattr(stored_regex, "VERSION", "0")
    index = read_index("de")
    assert index is not None
    assert index.patterns[0].stored is None
    assert index.patterns[0].compiled.pattern == rules.bundled("de").rules[0].patterns[0].text


def test_a_stored_pattern_matches_as_the_pattern_does():
    pattern = regex.compile(r"(?P<first>\L<names>|b+)\s(?-i:C)(\d)", regex.IGNORECASE, names=["Größe", "ab"])
    loaded = stored_regex.load(json.loads(json.dumps(stored_regex.dump(pattern))))
    for text in ("GRÖSSE C1", "größe C1", "ab C2", "BB C3", "bb c3"):
        found, expected = loaded.search(text), pattern.search(text)
        assert (found and found.groupdict()) == (expected and expected.groupdict())
        assert (found and found.groups()) == (expected and expected.groups())


def test_compiled_concepts_equal_their_toml_file(stored):
    assert compiled.read_concepts(source_of("concepts")) == CONCEPTS


def test_the_same_packs_give_the_same_bytes(files):
    assert dict(compiled_index.files(("ja", "de", "shared"))) == files


def test_a_stale_file_is_not_used(stored):
    changed = source_of("de") + b"\n"
    assert read_index("de", changed) is None
    assert compiled.read_concepts(source_of("concepts") + b"#") is None


def test_a_file_of_another_format_is_not_used(stored, monkeypatch):
    monkeypatch.setattr(compiled, "FORMAT", compiled.FORMAT + 1)
    assert read_index("de") is None
    assert compiled.read_concepts(source_of("concepts")) is None


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b"null", b'{"digest": 1, "data": {}}'])
def test_a_file_that_cannot_be_read_is_not_used(stored, data):
    stored["de.json"] = data
    assert read_index("de") is None


def test_a_missing_file_is_no_error(stored):
    del stored["de.json"]
    assert read_index("de") is None


def test_a_pack_with_a_concept_that_is_gone_is_not_used(stored, monkeypatch):
    fewer = {name: concept for name, concept in CONCEPTS.items() if name != "caption.credit"}
    monkeypatch.setattr(compiled_index, "concepts", lambda: fewer)
    assert read_index("de") is None


def test_a_compiled_file_is_a_json_document_on_each_line(files):
    digest, indexed, found, version, *rest = map(json.loads, files["shared.json"].splitlines())
    assert digest == compiled.digest(source_of("shared"))
    assert len(indexed) == len(rules.bundled("shared").rules)
    assert found.keys() == {"patterns", "glued", "lines", "selectors", "tokens", "words"}
    assert version == stored_regex.VERSION
    assert len(rest) == len(tables.patterns_of(rules.bundled("shared")))


@pytest.fixture
def fresh():
    """Nothing that was read before counts, and nothing that a test reads counts after it."""
    cached = (packs.concepts, packs.bundled, select.bundled_index, select.rule_index)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


def test_the_loader_takes_compiled_packs(stored, fresh, monkeypatch):
    monkeypatch.setattr(toml, "parse_pack", None)
    monkeypatch.setattr(toml, "parse_concepts", None)
    assert rules.concepts() == CONCEPTS
    assert isinstance(select.bundled_index("de").patterns, compiled_index.StoredPatterns)


def test_the_loader_falls_back_on_toml(stored, fresh):
    stored.clear()
    assert rules.concepts() == CONCEPTS
    assert select.bundled_index("de").patterns == tables.patterns_of(rules.bundled("de"))


def test_examples_are_read_from_toml(fresh):
    assert any(rule.yes for rule in rules.bundled("de", examples=True).rules)
