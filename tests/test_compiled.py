"""Compiled packs are what the TOML files give; without them, or with stale ones, the TOML files are read."""

import json

import pytest

from cleaner import rules
from cleaner.rules import compiled, packs, toml
from cleaner.text.data_files import read_data

NAMES = ("shared", *rules.languages())


def source_of(name: str) -> bytes:
    return read_data("cleaner.rules", f"data/{name}.toml")


CONCEPTS = toml.parse_concepts(source_of("concepts").decode(), "concepts.toml")


def parsed(name: str) -> rules.Pack:
    """A pack of the library as its TOML file gives it, without its examples."""
    pack = toml.parse_pack(source_of(name).decode(), f"{name}.toml", CONCEPTS, bundled=True)
    return compiled.without_examples(pack)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(compiled.files(NAMES))


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


def read_pack(name: str, source: bytes | None = None) -> rules.Pack | None:
    return compiled.read_pack(name, source_of(name) if source is None else source, CONCEPTS)


def test_there_is_a_file_for_the_concepts_and_for_each_pack(files):
    assert set(files) == {f"{name}.json" for name in ("concepts", *NAMES)}


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_pack_equals_its_toml_file(stored, name):
    pack = read_pack(name)
    assert pack is not None
    assert pack == parsed(name)


def test_compiled_concepts_equal_their_toml_file(stored):
    assert compiled.read_concepts(source_of("concepts")) == CONCEPTS


def test_the_same_packs_give_the_same_bytes(files):
    assert dict(compiled.files(reversed(NAMES))) == files


def test_a_stale_file_is_not_used(stored):
    changed = source_of("en") + b"\n"
    assert read_pack("en", changed) is None
    assert compiled.read_concepts(source_of("concepts") + b"#") is None


def test_a_file_of_another_format_is_not_used(stored, monkeypatch):
    monkeypatch.setattr(compiled, "FORMAT", compiled.FORMAT + 1)
    assert read_pack("en") is None
    assert compiled.read_concepts(source_of("concepts")) is None


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b"null", b'{"digest": 1, "data": {}}'])
def test_a_file_that_cannot_be_read_is_not_used(stored, data):
    stored["en.json"] = data
    assert read_pack("en") is None


def test_a_missing_file_is_no_error(stored):
    del stored["en.json"]
    assert read_pack("en") is None


def test_a_pack_with_a_concept_that_is_gone_is_not_used(stored):
    source = source_of("en")
    fewer = {name: concept for name, concept in CONCEPTS.items() if name != "caption.credit"}
    assert compiled.read_pack("en", source, fewer) is None


def test_a_compiled_file_is_plain_data(files):
    assert json.loads(files["shared.json"])["data"].keys() == {"language", "hosts", "lists", "rules"}


@pytest.fixture
def fresh():
    """Nothing that was read before counts, and nothing that a test reads counts after it."""
    cached = (packs.concepts, packs.bundled)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


def test_the_loader_takes_compiled_packs(stored, fresh, monkeypatch):
    expected = parsed("de")
    monkeypatch.setattr(toml, "parse_pack", None)
    monkeypatch.setattr(toml, "parse_concepts", None)
    assert rules.concepts() == CONCEPTS
    assert rules.bundled("de") == expected


def test_the_loader_falls_back_on_toml(stored, fresh):
    stored.clear()
    assert rules.concepts() == CONCEPTS
    assert rules.bundled("de") == parsed("de")


def test_examples_are_read_from_toml(stored, fresh):
    assert any(rule.yes for rule in rules.bundled("de", examples=True).rules)
