"""Site memory: what is kept of documents, files, merging, forgetting."""

import contextlib
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from helpers import run_python
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, label
from cleaner.memory import MemoryFileError, SiteMemory, merge_files, place_of
from cleaner.memory.copies import find_copies
from cleaner.memory.file import MemoryFile
from cleaner.memory.index import NEW, SiteIndex
from cleaner.memory.lines import MAX_LINES, PART, DocumentLines, compared, line_hash, lines_of_page, normalize
from cleaner.memory.sample import NO_LIMIT, SiteSample
from cleaner.memory.sources import page_of_document, page_of_source
from cleaner.memory.table import SiteTable

SLOGAN = "The Skarn Courier: news that holds water, since 1893."
PLACES = "harbour pier council bakery lighthouse school chapel museum library quarry mill market".split()
VERBS = "opened closed moved burned grew failed won lost paid voted sailed returned".split()


def story(number, *, lines=6):
    """A story of its own: no line is that of another number."""
    r = random.Random(number)
    place = f"{r.choice(PLACES)} of {''.join(r.choice('abcdefghij') for _ in range(9))}"
    return [
        f"The {place} {r.choice(VERBS)} again in the year of the {''.join(r.choice('klmnopqrst') for _ in range(8))}, and "
        f"nobody who lived there {r.choice(VERBS)} anything before."
        for _ in range(lines)
    ]


def article(number, *more):
    return "\n\n".join([*story(number), *more])


def address(number, site="courier.example"):
    return f"https://{site}/{number}"


def filled(numbers, *more, **options):
    memory = SiteMemory(**options)
    for number in numbers:
        memory.add(article(number, *more), url=address(number))
    return memory


def saved(memory, path):
    memory.save(path)
    return path.read_bytes()


def document(key, hashes):
    return DocumentLines(key, 0, 0, np.array(hashes, "<u4").tobytes(), bytes(len(hashes)))


# -- lines and places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other",
    [
        ("Read more: 14 comments", "READ  MORE – 9 Comments…"),
        ("Don’t miss “Tides”", 'Don\'t miss "Tides"'),
        ("• About the Author", "About the author:"),
        ("ＳＫＡＲＮ ｎｅｗｓ", "Skarn news"),
        ("Straße 5", "STRASSE 7"),
        ("Skarn\u00a0Courier", "Skarn Courier"),
        ("Mehr auf Skarn-Kurier", "Mehr auf Skarn–Kurier"),
    ],
)
def test_lines_that_are_the_same(one, other):
    assert normalize(one) == normalize(other) != ""


@pytest.mark.parametrize("line", ["___", "* * *", "3–2", "18:00", "", "…", "12.50 €"])
def test_lines_without_letters_are_none(line):
    assert normalize(line) == ""


def test_marks_of_scripts_are_letters():
    assert normalize("का") != normalize("की")


@pytest.mark.parametrize(
    "url, site, section",
    [
        ("https://www.example.co.uk/news", "example.co.uk", ""),
        ("https://www.example.co.uk/news/2026/x", "example.co.uk", "example.co.uk/news"),
        ("https://sport.example.org/x", "example.org", "sport.example.org"),
        ("https://m.example.org/Sport/x", "example.org", "example.org/sport"),
        ("https://one.blogspot.com/2026/03/x.html", "one.blogspot.com", ""),
        ("https://github.io/about/x", "github.io", "github.io/about"),
        ("http://localhost:8000/a/b", "localhost", "localhost/a"),
        ("http://192.168.1.1/x", "192.168.1.1", ""),
        ("//example.org/x", "example.org", ""),
        ("https://example.org/sp\ud800rt/x", "example.org", "example.org/sp?rt"),
    ],
)
def test_places(url, site, section):
    place = place_of(url)
    assert (place.site, place.section) == (site, section)


@pytest.mark.parametrize(
    "url", ["", "ferry.html", "file:///tmp/x", "http://[::1", "mailto:ann@example.org", "http://a\ud800.example/"]
)
def test_addresses_without_a_place(url):
    assert place_of(url) is None


# -- the sample --------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, NO_LIMIT - 1), st.integers(1, 9)), max_size=40, unique_by=lambda d: d[0]),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
)
def test_a_sample_does_not_depend_on_order_or_parts(sizes, parts, rnd):
    documents = [document(key, range(size)) for key, size in sizes]
    one = SiteSample(20)
    for each in documents:
        one.add(each)
    rnd.shuffle(documents)
    pieces = [SiteSample(20) for _ in range(parts + 1)]
    for each in documents:
        rnd.choice(pieces).add(each)
    merged = SiteSample(20)
    for piece in pieces:
        merged.merge(piece)
    assert (merged.documents, merged.limit, merged.lines) == (one.documents, one.limit, one.lines)
    assert one.lines <= 20


def test_a_sample_is_the_longest_run_of_lowest_keys_that_fits():
    sample = SiteSample(10)
    for key, size in ((5, 4), (1, 4), (9, 1), (3, 3)):
        sample.add(document(key, range(size)))
    assert sorted(sample.documents) == [1, 3]
    assert sample.limit == 5


def test_the_number_of_documents_is_estimated():
    r = random.Random(7)
    sample = SiteSample(900)
    for _ in range(4000):
        sample.add(document(r.getrandbits(64), range(3)))
    assert len(sample) == 300
    assert 3400 < sample.seen < 4600  # two standard errors of 300 documents are 12 %


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_gives_back_what_it_holds(tmp_path):
    memory = filled(range(20), SLOGAN)
    data = saved(memory, tmp_path / "a.memory")
    loaded = SiteMemory.load(tmp_path / "a.memory")
    assert loaded.sites == ["courier.example"]
    assert list(loaded.lines("courier.example")) == list(memory.lines("courier.example"))
    assert saved(loaded, tmp_path / "b.memory") == data


def test_ten_parts_merged_are_one_pass_byte_for_byte(tmp_path):
    numbers = list(range(120))
    sites = ["courier.example", "kurier.example", "one.blogspot.com"]

    def add(memory, number):
        memory.add(article(number, SLOGAN), url=address(number, sites[number % 3]))

    one = SiteMemory(lines_per_site=256)  # fewer than there are, so that documents are left out
    for number in numbers:
        add(one, number)
    random.Random(1).shuffle(numbers)
    paths = [tmp_path / f"{part}.memory" for part in range(10)]
    for part, path in enumerate(paths):
        memory = SiteMemory(lines_per_site=256)
        for number in numbers[part::10]:
            add(memory, number)
        memory.save(path)
    assert one.status("courier.example").known < 40
    merge_files(reversed(paths), tmp_path / "merged.memory")
    whole = saved(one, tmp_path / "one.memory")
    assert (tmp_path / "merged.memory").read_bytes() == whole
    merged = SiteMemory(lines_per_site=256)
    for path in paths:
        merged.merge(SiteMemory.load(path))
    assert saved(merged, tmp_path / "again.memory") == whole


def test_adding_twice_changes_nothing(tmp_path):
    assert saved(filled([*range(9), *range(9)]), tmp_path / "a") == saved(filled(range(9)), tmp_path / "b")


def test_the_same_text_at_two_addresses_does_not_depend_on_the_order(tmp_path):
    urls = ["https://courier.example/2026/03/05/a", "https://courier.example/sport/b", "https://courier.example/c"]
    files = set()
    for order in (urls, urls[::-1], urls[1:] + urls[:1]):
        memory = SiteMemory()
        for url in order:
            memory.add(article(1), url=url)
        files.add(saved(memory, tmp_path / "x"))
    assert len(files) == 1


def test_the_same_lines_as_text_and_as_page_do_not_depend_on_the_order(tmp_path):
    """Only the text has parts of lines, so that it takes more room."""
    texts = [article(number, "To contact the reporter: Runa Tveit", "Posted on May 4 at noon") for number in range(40)]
    pages = ["<article>" + "".join(f"<p>{line}</p>" for line in text.split("\n\n")) + "</article>" for text in texts]
    files = []
    for sources in ([*texts, *pages], [*pages, *texts]):
        memory = SiteMemory(lines_per_site=256)
        for source in sources:
            memory.add(source, url=address(1))
        sample = memory.sample("courier.example")
        assert sample.lines == sum(map(len, sample.documents.values())) <= 256
        files.append(saved(memory, tmp_path / "a"))
    assert files[0] == files[1]


def test_a_large_site_stays_below_its_limit():
    memory = SiteMemory()
    r = random.Random(3)
    for _ in range(3000):
        hashes = np.array([r.getrandbits(32) for _ in range(20)], "<u4").tobytes()
        memory.add_lines("large.example", DocumentLines(r.getrandbits(64), 0, 0, hashes, bytes(20)))
    status = memory.status("large.example")
    assert status.known == 1400
    assert status.size < 200_000


def test_no_text_unless_asked_for(tmp_path):
    assert b"Courier" not in saved(filled(range(3), SLOGAN), tmp_path / "a")
    memory = filled(range(3), SLOGAN, keep_texts=True)
    assert SLOGAN.encode() in saved(memory, tmp_path / "b")
    assert next(SiteMemory.load(tmp_path / "b").lines("courier.example")).text == SLOGAN


def test_lone_surrogates_do_not_keep_a_memory_from_being_saved(tmp_path):
    memory = SiteMemory(keep_texts=True)
    for number, site in enumerate(("courier.example", "kurier\ud800.example")):
        memory.add(f"{article(number)}\n\nThe Courier \ud800 holds water.", url=f"https://{site}/ne\ud800ws/1")
    memory.save(tmp_path / "a")
    texts = [line.text for line in SiteMemory.load(tmp_path / "a").lines("courier.example")]
    assert "The Courier ? holds water." in texts


def test_what_cannot_be_read_is_an_error(tmp_path):
    path = tmp_path / "a.memory"
    data = saved(filled(range(9)), path)
    for broken, message in (
        (b"", "no site memory"),
        (b"something else that is long enough to be read", "no site memory"),
        (data[:7] + b"\x09" + data[8:], "another version"),
        (data[:20], "damaged"),
        (data[:40] + b"x" + data[41:], "damaged"),
    ):
        path.write_bytes(broken)
        with pytest.raises(MemoryFileError, match=message):
            SiteMemory.load(path)
    path.write_bytes(data[:-5])
    with pytest.raises(MemoryFileError, match="damaged"):
        SiteMemory.load(path).status("courier.example")
    of_site = MemoryFile(path, data).data("courier.example")
    for cut in (of_site[:10], of_site[:-5]):
        with pytest.raises(MemoryFileError, match="the data of a site are damaged"):
            SiteTable.parse(cut, with_texts=False)
    with pytest.raises(MemoryFileError, match="No such file"):
        SiteMemory.load(tmp_path / "none")
    with pytest.raises(KeyError):
        filled([1]).status("unknown.example")


@given(st.binary(max_size=200))
def test_bytes_of_a_site_never_crash(data):
    with contextlib.suppress(MemoryFileError):
        SiteTable.parse(data, with_texts=False)


def test_memories_that_keep_other_things_do_not_merge(tmp_path):
    with pytest.raises(MemoryFileError, match="differ"):
        filled([1]).merge(filled([2], keep_texts=True))
    filled([1]).save(tmp_path / "a")
    filled([1], lines_per_site=300).save(tmp_path / "b")
    with pytest.raises(MemoryFileError, match="differ"):
        merge_files([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    with pytest.raises(MemoryFileError, match="no memories"):
        merge_files([], tmp_path / "c")


def test_a_failed_save_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.memory"
    memory = filled(range(3))
    before = saved(memory, path)
    (tmp_path / "b.memory").mkdir()
    with pytest.raises(IsADirectoryError):
        memory.save(tmp_path / "b.memory")
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.memory", "b.memory"]


def test_saving_to_the_file_that_was_loaded(tmp_path):
    path = tmp_path / "a.memory"
    memory = SiteMemory()
    for number in range(9):
        memory.add(article(number), url=address(number, f"s{number % 3}.example"))
    memory.save(path)
    loaded = SiteMemory.load(path)
    loaded.add(article(20), url=address(20, "a.example"))
    loaded.save(path)
    loaded.add(article(21), url=address(21, "s2.example"))  # of a site that was not read before
    loaded.save(path)
    assert [SiteMemory.load(path).status(site).known for site in loaded.sites] == [1, 3, 3, 4]
    assert SiteMemory.from_bytes(loaded.to_bytes()).sites == loaded.sites
    assert loaded.to_bytes() == path.read_bytes()


def test_bad_options():
    with pytest.raises(ValueError, match="lines_per_site"):
        SiteMemory(lines_per_site=1 << 16)
    with pytest.raises(TypeError, match="memory"):
        Cleaner(memory=5)
    with pytest.raises(MemoryFileError):
        Cleaner(memory="/nowhere/x.memory")


# -- looking up --------------------------------------------------------------------------------------------------------


def recurrences(memory, text, url="https://courier.example/new"):
    page, prose_map = page_of_source(text, "text")
    found = memory.find(page, prose_map, range(len(page.blocks)), url)
    return {page.blocks[at].plain: known for at, known in
            zip(found.lines.blocks, found.index.recurrences_of(found.lines), strict=True)}  # fmt: skip


def test_lines_are_counted_in_other_documents():
    known = recurrences(filled(range(30), SLOGAN), article(99, SLOGAN))
    assert (known[SLOGAN].documents, known[SLOGAN].known) == (30, 30)
    assert known[story(99)[0]] == NEW


def test_the_document_itself_and_its_copies_do_not_count():
    memory = filled(range(10), SLOGAN)
    assert recurrences(memory, article(3, SLOGAN))[SLOGAN].documents == 9
    near = [*story(3)[:5], "A sentence that stands in this copy of the article alone, and nowhere else at all.", SLOGAN]
    known = recurrences(memory, "\n\n".join(near))
    assert known[SLOGAN].documents == 9
    assert known[story(3)[0]] == NEW


def test_copies_of_another_article_are_one_document():
    memory = filled(range(10), SLOGAN)
    quoted = "“We had forgotten the sound of the horn of the ferry, and now it is back,” said Runa Tveit of the shop."
    for copy in range(8):
        text = "\n\n".join([*story(50), f"Copy of the number {'abcdefgh'[copy]} of this article about it.", quoted])
        memory.add(text, url=address(f"copy-{copy}"))
    assert memory.status("courier.example").different == 11
    assert recurrences(memory, article(99, quoted))[quoted].documents == 1


def test_what_many_documents_have_makes_no_copies():
    long_notes = [
        f"{SLOGAN} Paragraph {word} of the terms that stand below each of its many articles." for word in PLACES
    ]
    memory = SiteMemory()
    for number in range(40):
        memory.add("\n\n".join([*story(number, lines=2), *long_notes]), url=address(number))
    assert memory.status("courier.example").different == 40


def test_groups_of_copies_are_connected():
    documents = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 3])
    lines = np.array([1, 2, 3, 1, 2, 3, 2, 3, 4, 9])
    assert find_copies(documents, lines, 5, 10).tolist()[:2] == [0, 0]
    assert len(set(find_copies(documents, lines, 5, 10).tolist()[3:])) == 2
    assert find_copies(np.zeros(0, np.int64), np.zeros(0, np.int64), 0, 0).tolist() == []


def test_a_section_counts_by_itself_where_it_differs():
    memory = SiteMemory()
    for number in range(40):
        more = ["The Cup page of the Courier, by the people who rowed in it."] if number % 4 == 0 else []
        section = "sport" if number % 4 == 0 else "news"
        memory.add(article(number, *more), url=f"https://courier.example/{section}/{number}")
    line = "The Cup page of the Courier, by the people who rowed in it."
    there = recurrences(memory, article(99, line), "https://courier.example/sport/new")[line]
    assert (there.documents, there.known, there.of_section) == (10, 10, True)
    elsewhere = recurrences(memory, article(99, line), "https://courier.example/news/new")[line]
    assert (elsewhere.documents, elsewhere.known, elsewhere.of_section) == (10, 40, False)


def test_days_are_known_from_addresses():
    memory = SiteMemory()
    for number in range(6):
        url = f"https://courier.example/2026/0{number + 1}/1{number}/x"
        memory.add(article(number, SLOGAN), url=url)
    known = recurrences(memory, article(99, SLOGAN))[SLOGAN]
    assert known.days == known.all_days == 156


def test_an_index_follows_a_site_whose_sample_is_full():
    memory = filled(range(60), SLOGAN, lines_per_site=256)
    cleaner, later = Cleaner(memory=memory), "The Skarn Courier brings you the whole of the harbour."
    assert cleaner.clean(article(1000, SLOGAN), url=address(1000)) == article(1000)
    for number in range(60, 300):
        memory.add(article(number, later), url=address(number))
        if number % 10 == 0:
            cleaner.clean(article(1000), url=address(1000))
    assert cleaner.clean(article(1000, later), url=address(1000)) == article(1000)


def test_an_empty_index():
    index = SiteIndex.of_table(SiteTable.of_sample(SiteSample()))
    assert index.recurrences(document(1, [1, 2])) == [NEW, NEW]


def test_labelled_documents_are_the_same_documents():
    text = "\n".join([*story(1), "", SLOGAN, "* an item of a list, with **bold** words in it"])
    html = "<title>x</title><article>" + "".join(f"<p>{line}</p>" for line in story(2)) + f"<p>{SLOGAN}</p></article>"
    for source in (text, html):
        one, other = SiteMemory(), SiteMemory()
        one.add(source, url=address(1))
        other.add(label(source), url=address(1))
        assert [line.hash for line in one.lines("courier.example")] == [
            line.hash for line in other.lines("courier.example")
        ]
        assert list(one.sample("courier.example").documents) == list(other.sample("courier.example").documents)
    labelled = label(html)
    page, _ = page_of_document(labelled)
    assert "metadata" not in vars(labelled)  # trafilatura's, which take twice as long as to label the page
    assert [block.plain for block in page.blocks][-1] == SLOGAN


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_the_name_of_a_single_site_is_no_list():
    with pytest.raises(TypeError, match=r"write \['kurier.example'\]"):
        SiteMemory().forget(sites="kurier.example")


def test_forgetting_sites(tmp_path):
    memory = filled(range(5))
    memory.add(article(1), url=address(1, "kurier.example"))
    memory.save(tmp_path / "a")
    loaded = SiteMemory.load(tmp_path / "a")
    loaded.forget(sites=["kurier.example", "never.example"])
    assert loaded.sites == ["courier.example"]
    assert saved(loaded, tmp_path / "b") == saved(filled(range(5)), tmp_path / "c")
    loaded.add(article(7), url=address(7, "kurier.example"))
    assert loaded.status("kurier.example").known == 1


def test_sites_that_were_not_seen_for_long_are_forgotten():
    memory = SiteMemory()
    memory.add(article(0), url=address(0, "old.example"))
    for number in range(1, 11):
        memory.add(article(number), url=address(number))
    memory.forget(unseen_for=11)
    assert memory.sites == ["courier.example", "old.example"]
    memory.forget(unseen_for=10)
    assert memory.sites == ["courier.example"]


def test_lines_that_were_not_seen_for_long_are_forgotten():
    memory = SiteMemory()
    for number in range(30):
        memory.add(article(number, SLOGAN, *["An old slogan of the Courier."] * (number < 10)), url=address(number))
    memory.forget(lines_unseen_for=15)
    counts = [line.documents for line in memory.lines("courier.example")]
    assert counts[0] == 30  # the slogan, which is still there
    assert len(counts) == 1 + 15 * 6  # and the lines of the last 15 stories
    known = recurrences(memory, article(99, SLOGAN, "An old slogan of the Courier."))
    assert known["An old slogan of the Courier."] == NEW


def test_a_file_keeps_its_lines_until_enough_documents_are_added(tmp_path):
    before = saved(filled(range(10), SLOGAN), tmp_path / "a")
    memory = SiteMemory.load(tmp_path / "a")
    memory.forget(lines_unseen_for=3)
    assert memory.to_bytes() == before
    for number in range(20, 23):
        memory.add(article(number, SLOGAN), url=address(number))
    memory.forget(lines_unseen_for=3)
    assert [line.documents for line in memory.lines("courier.example")] == [13] + [1] * 18


def test_a_document_that_comes_again_has_its_forgotten_lines():
    memory, old = SiteMemory(), "An old slogan of the Courier."
    for number in range(20):
        memory.add(article(number, SLOGAN, *[old] * (number < 5)), url=address(number))
    memory.forget(lines_unseen_for=10)
    assert memory.hash_of(old) not in [line.hash for line in memory.lines("courier.example")]
    for number in range(5):
        memory.add(article(number, SLOGAN, old), url=address(number))
    counts = {line.hash: line.documents for line in memory.lines("courier.example")}
    assert counts[memory.hash_of(old)] == 5


def test_what_is_known_of_the_last_documents_is_bounded():
    memory = filled(range(1000), lines_per_site=256)
    assert len(memory.sample("courier.example")) < 50
    assert len(memory._additions["courier.example"].numbers) < 300
    memory.forget(lines_unseen_for=500)
    assert 0 < len(memory.sample("courier.example")) < 50
    before = memory.to_bytes()
    memory.forget(lines_unseen_for=1)
    assert memory.to_bytes() == before, "the last document is none of the sample, so nothing can be said"


def test_a_site_of_few_documents_keeps_its_lines():
    memory = filled(range(5), SLOGAN)
    memory.forget(lines_unseen_for=10)
    assert memory.status("courier.example").lines == 31


# -- sharing -----------------------------------------------------------------------------------------------------------


def test_a_memory_goes_to_other_processes(tmp_path):
    path = tmp_path / "a.memory"
    filled(range(12), SLOGAN).save(path)
    loaded = SiteMemory.load(path)
    data = pickle.dumps(Cleaner(memory=loaded))
    assert len(data) < 2_000  # the file's name, not the sites
    assert pickle.loads(data).clean(article(99, SLOGAN), url=address(99)) == "\n\n".join(story(99))
    changed = filled(range(12), SLOGAN)
    assert pickle.loads(pickle.dumps(changed)).sites == changed.sites
    done = run_python(
        "import helpers, pickle, sys; helpers.without_rules(); c = pickle.loads(bytes.fromhex(sys.argv[1]))\n"
        "print(c.clean(sys.argv[2], url=sys.argv[3]))",
        data.hex(),
        article(99, SLOGAN),
        address(99),
    )
    assert done.stdout.strip() == "\n\n".join(story(99))


def test_threads_share_a_memory(tmp_path):
    path = tmp_path / "a.memory"
    filled(range(12), SLOGAN).save(path)
    cleaner = Cleaner(memory=path)
    texts = [article(number, SLOGAN) for number in range(100, 130)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda text: cleaner.clean(text, url=address(5)), texts))
    assert results == ["\n\n".join(story(number)) for number in range(100, 130)]


def test_threads_add_to_a_memory(tmp_path):
    memory = SiteMemory()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: memory.add(article(number, SLOGAN), url=address(number)), range(40)))
    assert saved(memory, tmp_path / "a") == saved(filled(range(40), SLOGAN), tmp_path / "b")


def test_the_hash_of_a_line_is_public():
    memory = filled(range(3), SLOGAN)
    assert next(memory.lines("courier.example")).hash == memory.hash_of(SLOGAN.upper())
    assert int(memory.hash_of(SLOGAN), 16) == line_hash(normalize(SLOGAN))


# -- parts of lines ----------------------------------------------------------------------------------------------------


def test_parts_of_lines_are_no_lines():
    memory = filled(range(5), "Set by hand by Runa Tveit", keep_texts=True)
    status, lines = memory.status("courier.example"), list(memory.lines("courier.example"))
    assert status.lines == len(lines) == 5 * 6 + 1
    assert status.recurring == 1
    assert not any("*" in line.text for line in lines)
    assert "set by hand by *" in memory._table("courier.example").texts


def test_a_part_may_have_the_hash_of_a_line():
    memory = SiteMemory()
    for key, flag in ((1, 0), (2, 0), (3, PART)):
        memory.add_lines("courier.example", replace(document(key, [7]), flags=bytes([flag])))
    assert [(line.documents, line.zones) for line in memory.lines("courier.example")] == [(2, {"middle": 2})]


def test_parts_survive_files_and_merging():
    one, other = filled(range(4), "Set by hand by Runa Tveit"), filled(range(4, 9), "Set by hand by Odd Vik")
    one.merge(other)
    whole = filled(range(4), "Set by hand by Runa Tveit")
    for number in range(4, 9):
        whole.add(article(number, "Set by hand by Odd Vik"), url=address(number))
    assert one.to_bytes() == whole.to_bytes()
    page, prose_map = page_of_source(article(99, "Set by hand by Siri Holm"), "text")
    found = SiteMemory.from_bytes(one.to_bytes()).find(page, prose_map, range(len(page.blocks)), address(99))
    assert [line.part.documents for line in found.index.recurrences_of(found.lines) if line.part] == [9]


def test_only_lines_at_the_ends_have_parts():
    page, prose_map = page_of_source(article(1, "Set by hand by Runa Tveit"), "text")
    found = lines_of_page(page, prose_map, range(len(page.blocks)))
    assert [bool(parts) for parts in found.parts] == [False] * 6 + [True]
    assert len(found.document) == 7 + 2
    many = "\n\n".join([*story(1), *(f"The {word} of the paper is set" for word in "abcdefghijklmnopqrstuvwxyz" * 20)])
    assert len(lines_of_page(*page_of_source(many, "text"), range(200)).document) <= MAX_LINES


@pytest.mark.parametrize("end, same", [("of the year.", True), ("of the day.", False)])
def test_a_long_line_is_known_by_its_beginning_and_end(end, same):
    long = "The ferry to Skarn sailed again, and " * 9
    one, other = (
        f"{long} {'x' * 60} and so ended the one hundredth week {end}",
        f"{long} {'y' * 60} and so ended the one hundredth week of the year.",
    )
    assert (compared(one) == compared(other)) is same
    assert normalize(one) != normalize(other)
