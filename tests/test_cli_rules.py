"""The command ``cleaner rules``: what it prints and how it ends."""

import io
import sys
from pathlib import Path

import pytest

from cleaner import Label, rules
from cleaner.cli.main import main

PACK = r"""
[subscription.inbox]
patterns = ['\bdrops\s(?:straight\s)?into\syour\sinbox\b']
yes = ["Psst! The Courier drops into your inbox at dawn."]
no = ["Half of what drops into an inbox is never read, the study found."]

[advert.never]
lines = ["Nothing of this"]
"""
#: What is said of it.
CHECKED = [
    "mine.toml: nothing was tested of advert.never: no examples (yes, no)",
    "mine.toml: 2 examples of 2 rules, none failed",
]
FIRST = "The council voted on Tuesday, the mayor said, after a debate of four hours in the old hall."
PLEA = "Psst! The Courier drops into your inbox at dawn."
LAST = "A second study of the currents around the island is to be published in the autumn, she said."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(PACK, "utf-8")
    (tmp_path / "story.txt").write_text(f"{FIRST}\n\n{PLEA}\n\n{LAST}\n", "utf-8")
    (tmp_path / "clean.txt").write_text(f"{FIRST}\n\n{LAST}\n", "utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str], list[str]]:
    status = main(["rules", *args])
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


# -- check -------------------------------------------------------------------------------------------


def test_a_pack_that_holds(folder, capsys):
    assert run(capsys, "check", "mine.toml") == (0, CHECKED, [])


def test_rules_without_examples_are_named(folder, capsys):
    (folder / "bare.toml").write_text("[advert.x]\nlines = ['Shop']\n[notice.y]\nselectors = [{ class = 'y' }]\n")
    assert run(capsys, "check", "bare.toml") == (
        0,
        [
            "bare.toml: nothing was tested of advert.x, notice.y: no examples (yes, no)",
            "bare.toml: 0 examples of 2 rules, none failed",
        ],
        [],
    )
    (folder / "full.toml").write_text(PACK.split("[advert", maxsplit=1)[0])
    assert run(capsys, "check", "full.toml") == (0, ["full.toml: 2 examples of 1 rule, none failed"], [])


def test_a_line_for_each_example_that_fails(folder, capsys):
    pack = PACK.replace("yes = [", 'yes = ["It drops in", ').replace("no = [", 'no = ["Advertisement", ')
    (folder / "mine.toml").write_text(pack, "utf-8")
    status, out, err = run(capsys, "check", "mine.toml")
    assert (status, err) == (1, [])
    assert out[0] == "mine.toml: [subscription.inbox] yes 'It drops in' is matched by no pattern and no line"
    assert out[1].startswith(
        "mine.toml: [subscription.inbox] no 'Advertisement' in an article is removed as advert (score 0.0"
    )
    assert out[2:] == [CHECKED[0], "mine.toml: 4 examples of 2 rules, 2 failed"]


def test_a_weak_rule_is_not_tried_in_an_article(folder, capsys):
    pack = "[other.x]\nstrength = 'hint'\npatterns = ['^her aunt']\nyes = ['Her aunt knew the mayor well.']\n"
    (folder / "weak.toml").write_text(pack)
    assert run(capsys, "check", "weak.toml")[0] == 0


def test_a_yes_that_loses_in_an_article_fails(folder, capsys):
    """The rule matches, and a rule of the library is surer."""
    (folder / "weaker.toml").write_text("[body.x]\nlines = ['Advertisement']\nyes = ['Advertisement']\n")
    status, out, _ = run(capsys, "check", "weaker.toml")
    assert status == 1
    assert out[0].startswith("weaker.toml: [body.x] yes 'Advertisement' in an article is removed as advert (score ")


def test_a_pack_of_one_site_is_tried_on_that_site(folder, capsys):
    (folder / "site.toml").write_text('hosts = ["courier.example"]\n' + PACK)
    assert run(capsys, "check", "site.toml")[0] == 0


@pytest.mark.parametrize("changed", [False, True])
def test_a_file_of_the_library_and_a_changed_copy_of_one(folder, capsys, changed):
    """They have a name that no other pack may have."""
    path = Path(rules.__file__).parent / "data" / "ja.toml"
    if changed:
        path = folder / "ja.toml"
        path.write_text(f"language = 'ja'\n{PACK}")
    status, out, err = run(capsys, "check", str(path))
    assert (status, err) == (0, [])
    assert out[-1].endswith(", none failed")


def test_a_pattern_of_the_library_needs_a_yes(folder, capsys):
    pack = PACK.replace("patterns = [", r"patterns = ['\bin your mail\b', ")
    for name in ("mine.toml", "ja.toml"):
        (folder / name).write_text(pack)
    assert run(capsys, "check", "mine.toml")[0] == 0
    status, out, _ = run(capsys, "check", "ja.toml")
    assert status == 1
    assert out == [
        r"ja.toml: [subscription.inbox] pattern '\bin your mail\b' matches no yes",
        CHECKED[0].replace("mine", "ja"),
        "ja.toml: 2 examples of 2 rules, 1 failed",
    ]


def test_a_name_that_is_taken(folder, capsys):
    (folder / "ko.toml").write_text(PACK)
    message = "cleaner: ko.toml: the library has a pack named 'ko'; rename yours"
    assert run(capsys, "test", "ko.toml", "story.txt") == (2, [], [message])


@pytest.mark.parametrize("language", ["de", "el"])
def test_the_article_is_in_the_language_of_the_pack(folder, capsys, monkeypatch, language):
    """English where the library has no article in it."""
    seen = []
    monkeypatch.setattr(
        "cleaner.cli.rules.check.article_failures", lambda rule, label, article: seen.append(article.headline) or []
    )
    (folder / "mine.toml").write_text(f"language = '{language}'\n{PACK}")
    run(capsys, "check", "mine.toml")
    assert {headline.split()[0] for headline in seen} == {"Hafenrat" if language == "de" else "Ostra"}


def test_packs_that_cannot_be_used(folder, capsys):
    """The others are checked all the same."""
    (folder / "broken.toml").write_text("[other.x]\npattern = ['a']\n")
    status, out, err = run(capsys, "check", "none.toml", "mine.toml", "broken.toml")
    assert status == 2
    assert out == CHECKED
    assert err == [
        "cleaner: none.toml: No such file or directory",
        "cleaner: broken.toml: [other.x] has the unknown key 'pattern'; did you mean 'patterns'?",
    ]


# -- test --------------------------------------------------------------------------------------------


def test_what_a_pack_changes(folder, capsys):
    status, out, err = run(capsys, "test", "mine.toml", "story.txt", "clean.txt")
    assert (status, err) == (0, [])
    assert out[0].startswith(f"story.txt: kept as body → removed as subscription: {PLEA}  ")
    assert "  subscription.inbox +4.0 “drops into your inbox”" in out[0]
    assert out[1:] == ["clean.txt: no change in 2 blocks", "mine.toml: mine:advert.never matched nothing"]


def test_a_pack_of_one_site_holds_for_the_pages(folder, capsys):
    """Unless another address is given."""
    (folder / "site.toml").write_text('hosts = ["courier.example"]\n' + PACK)
    assert "→ removed as subscription" in run(capsys, "test", "site.toml", "story.txt")[1][0]
    out = run(capsys, "test", "site.toml", "story.txt", "--url", "https://gazette.example/a")[1]
    assert out == [
        "story.txt: no change in 3 blocks",
        "site.toml: site:advert.never matched nothing",
        "site.toml: site:subscription.inbox matched nothing",
    ]


def test_a_page_from_standard_input(folder, capsys, monkeypatch):
    page = f'<article><p class="box">{FIRST}</p><p>{LAST}</p></article>'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page.encode())))
    (folder / "box.toml").write_text("[advert.box]\nstrength = 'always'\nselectors = [{ class = 'box' }]\n")
    status, out, _ = run(capsys, "test", "box.toml", "-")
    assert status == 0
    assert len(out) == 1
    assert out[0].startswith(
        "-: kept as body → removed as advert: The council voted on Tuesday, the mayor said, after a debat"
    )
    assert "…  advert.box +100.0 “<p> box”" in out[0]


def test_flags_of_a_pack(folder, capsys):
    (folder / "broad.toml").write_text("[other.all]\nstrength = 'hint'\npatterns = ['[a-z]']\n")
    (folder / "long.txt").write_text(f"{FIRST}\n\n{LAST}\n\n" * 6)
    assert "long.txt: flag broad_rule:broad:other.all" in run(capsys, "test", "broad.toml", "long.txt")[1]


def test_pages_and_packs_that_cannot_be_read(folder, capsys):
    status, out, err = run(capsys, "test", "mine.toml", "none.txt", "story.txt")
    assert (status, len(out)) == (1, 2)
    assert err == ["cleaner: none.txt: No such file or directory"]
    assert run(capsys, "test", "none.toml", "story.txt") == (2, [], ["cleaner: none.toml: No such file or directory"])


# -- list --------------------------------------------------------------------------------------------


def test_all_concepts_are_listed(capsys):
    status, out, _ = run(capsys, "list")
    assert status == 0
    assert [line.split()[0] for line in out] == list(rules.concepts())
    heading = next(line for line in out if line.startswith("other.heading"))
    assert " weak " in heading
    assert "by its place alone" in heading
    assert heading.endswith(rules.concepts()["other.heading"].note)


def test_the_concepts_of_a_language_and_a_label(capsys):
    out = run(capsys, "list", "--lang", "de", "--label", "share")[1]
    own = {rule.concept.name: rule for rule in rules.bundled("de").rules if rule.concept.label is Label.SHARE}
    assert [line.split()[0] for line in out] == list(own) == ["share.bar", "share.follow"]
    bar = own["share.bar"]
    assert f"{len(bar.patterns)} patterns, {len(bar.lines)} lines " in out[0]


# -- the command line --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["check"],
        ["test", "mine.toml"],
        ["list", "--lang", "xx"],
        ["list", "--label", "spam"],
        ["show"],
        ["test", "a.toml", "b.txt", "--kind", "pdf"],
    ],
)
def test_a_wrong_command_line(args, capsys):
    status, out, err = run(capsys, *args)
    assert (status, out) == (2, [])
    assert len(err) == 1
    assert err[0].startswith("cleaner rules")


def test_the_labels_are_listed_by_name(capsys):
    assert "(choose from 'body', 'title', " in run(capsys, "list", "--label", "spam")[2][0]


def test_a_wrong_language_is_named_in_one_line(folder, capsys):
    status, out, err = run(capsys, "test", "mine.toml", "page.html", "--lang", "german")
    assert (status, out, len(err)) == (2, [], 1)
    assert "german" in err[0]


def test_options_cannot_be_abbreviated(capsys):
    assert run(capsys, "list", "--la", "de")[0] == 2


def test_help(capsys):
    status, out, _ = run(capsys, "--help")
    assert status == 0
    assert {"check", "test", "list", "exit codes:"} <= {line.strip().split("  ")[0] for line in out}


def test_output_is_utf_8_whatever_the_locale(folder, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
    assert main(["rules", "test", "mine.toml", "story.txt"]) == 0
    assert "→ removed as subscription" in out.getvalue().decode()
