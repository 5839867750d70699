"""The extraction algorithm for NeMo Curator, against the class that its stages ask for.

The whole package takes PyTorch and Ray. Without them its own file with the interface is loaded, and nothing else of it.
"""

import importlib.util
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest
from helpers import TYPICAL_PAGE

INTERFACE = "nemo_curator.stages.text.download.html_extractors.base"

found = importlib.util.find_spec("nemo_curator")
if found is None:
    pytest.skip("without nemo_curator", allow_module_level=True)
try:
    importlib.import_module(INTERFACE)
except ImportError:
    folder = Path(found.submodule_search_locations[0])
    names = INTERFACE.split(".")[:-1]
    for depth in range(1, len(names) + 1):
        package = ModuleType(".".join(names[:depth]))
        package.__path__ = [str(folder.joinpath(*names[1:depth]))]
        sys.modules[package.__name__] = package

from nemo_curator.stages.text.download.html_extractors.base import HTMLExtractorAlgorithm

from cleaner import Cleaner, clean
from cleaner.integrations.nemo_curator import ArticleExtractor

PAGE = TYPICAL_PAGE.read_text("utf-8")


def test_paragraphs_of_the_article():
    extractor = ArticleExtractor()
    assert isinstance(extractor, HTMLExtractorAlgorithm)
    paragraphs = extractor.extract_text(PAGE, frozenset({"the"}), "ENGLISH")
    assert len(paragraphs) > 3
    assert "\n\n".join(paragraphs) == clean(PAGE), "as NeMo Curator joins them"
    assert pickle.loads(pickle.dumps(extractor)).extract_text(PAGE, frozenset(), "THAI") == paragraphs


def test_what_has_no_article():
    assert ArticleExtractor().extract_text("<nav><a href='/'>Home</a></nav>", frozenset(), "ENGLISH") is None
    assert ArticleExtractor(max_size=10).extract_text(PAGE, frozenset(), "ENGLISH") is None


def test_options():
    with_captions = Cleaner(also_keep=["caption"])
    for extractor in (ArticleExtractor(also_keep=["caption"]), ArticleExtractor(cleaner=with_captions)):
        assert "\n\n".join(extractor.extract_text(PAGE, frozenset(), "ENGLISH")) == with_captions.clean(PAGE)
