"""What stands below a line of residue near the end of a text stays: nothing goes for its place alone.

Each article is long enough to have a middle. Below its last paragraph stand a line of residue and then the article's own
short ending: a closing sentence, a list with its introduction, a service box, an interview, a poem, results.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cleaner import Cleaner, Label


@dataclass(frozen=True)
class Language:
    """An article, the lines of residue, and the article's own endings: sentences, and groups of lines."""

    article: tuple[str, ...]
    residue: tuple[str, ...]
    sentences: tuple[str, ...]
    endings: dict[str, tuple[str, ...]]


EN = Language(
    (
        "The old lighthouse on Skarn Island will be lit again this winter, the harbour office announced on Monday morning.",
        "For eleven years the tower had stood dark above the bay, and most of the boats had learned to do without it.",
        "A group of retired pilots collected the money for a new lamp at the fish market and in both village schools.",
        "They counted the coins in a kitchen on the north shore, and they wrote every sum down in a blue school book.",
        "The council had offered to sell the tower to a hotel, but the offer was withdrawn after a loud public meeting.",
        "Engineers say that the stairs are sound and that only the iron balcony has to be replaced before the first frost.",
        "The lamp itself comes from a ship that was broken up last spring in a yard on the other side of the water.",
        "On clear nights its light should be seen from the mainland, which lies fourteen miles away across the open sound.",
    ),
    ("Advertisement", "READ MORE: Storm closes the coast road", "Photo: Runa Tveit", "Sign up for our newsletter",
     "Share this article", "Follow us on Facebook"),
    ("The vote is on Friday.", "Nobody waved.", "The hearing will resume on May 4.", "It rained all night.",
     "The ferry leaves at nine.", "She has not been back since.", "Then the lamp went out.", "No one was hurt.",
     "The work begins in March.", "He never learned to swim.", "The tower will be open on Sundays.",
     "That was eleven years ago.", "Both schools will be closed.", "A date has not been set."),
    {
        "list": ("What visitors should bring:", "- a warm coat", "- strong shoes", "- a lamp for the stairs"),
        "service": ("The lighthouse", "Pier Road 4, Skarn", "Open daily from 10 to 4", "Admission 5 crowns",
                    "Ferry from Ostra every hour"),
        "interview": ("Were you afraid?", "Never.", "Not even in the storm?", "A little, perhaps.", "And now?",
                      "Now I sleep."),
        "poem": ("The lamp is lit,", "the tide is low,", "the boats come in", "that had to go."),
        "results": ("Skarn 2, Ostra 1", "Nordvik 0, Holm 0", "Tveit 3, Brekke 2"),
        "letter": ("Dear neighbours,", "The lamp is yours.", "Keep it burning.", "The pilots of Skarn"),
    },
)  # fmt: skip
DE = Language(
    (
        "Der alte Leuchtturm auf der Insel Skarn soll im Winter wieder leuchten, wie das Hafenamt am Montag bekannt gab.",
        "Elf Jahre lang stand der Turm dunkel über der Bucht, und die meisten Boote hatten gelernt, ohne ihn auszukommen.",
        "Eine Gruppe von Lotsen im Ruhestand sammelte das Geld für eine neue Lampe auf dem Fischmarkt und in den Schulen.",
        "Sie zählten die Münzen in einer Küche am Nordufer und schrieben jede Summe in ein blaues Schulheft hinein.",
        "Der Rat wollte den Turm an ein Hotel verkaufen, doch nach einer lauten Versammlung zog er das Angebot zurück.",
        "Die Treppe ist nach Angaben der Ingenieure in Ordnung, nur der Balkon muss vor dem ersten Frost ersetzt werden.",
        "Die Lampe selbst stammt von einem Schiff, das im Frühjahr auf der anderen Seite des Wassers zerlegt worden ist.",
        "In klaren Nächten soll man ihr Licht vom Festland aus sehen, das vierzehn Meilen entfernt hinter dem Sund liegt.",
    ),
    ("Anzeige", "Lesen Sie auch: Sturm sperrt die Küstenstraße", "Foto: Runa Tveit", "Newsletter abonnieren",
     "Artikel teilen", "Folgen Sie uns auf Facebook"),
    ("Der Streik ist vorbei.", "Niemand winkte.", "Die Verhandlung geht am 4. Mai weiter.", "Es regnete die ganze Nacht.",
     "Die Fähre legt um neun ab.", "Seitdem war sie nicht mehr dort.", "Dann ging die Lampe aus.", "Verletzt wurde niemand.",
     "Die Arbeiten beginnen im März.", "Schwimmen hat er nie gelernt.", "Sonntags ist der Turm geöffnet.",
     "Das ist elf Jahre her.", "Beide Schulen bleiben zu.", "Ein Termin steht noch nicht fest."),
    {
        "list": ("Das sollten Besucher mitbringen:", "- eine warme Jacke", "- feste Schuhe", "- eine Taschenlampe"),
        "service": ("Der Leuchtturm", "Molenweg 4, Skarn", "Täglich von 10 bis 16 Uhr", "Eintritt 5 Kronen",
                    "Fähre ab Ostra jede Stunde"),
        "interview": ("Hatten Sie Angst?", "Nie.", "Auch nicht im Sturm?", "Ein wenig vielleicht.", "Und heute?",
                      "Heute schlafe ich."),
        "poem": ("Die Lampe brennt,", "die Flut ist fern,", "die Boote kommen", "wieder gern."),
        "results": ("Skarn – Ostra 2:1", "Nordvik – Holm 0:0", "Tveit – Brekke 3:2"),
        "letter": ("Liebe Nachbarn,", "die Lampe gehört euch.", "Lasst sie brennen.", "Die Lotsen von Skarn"),
    },
)  # fmt: skip
FR = Language(
    (
        "Le vieux phare de l'île de Skarn sera rallumé cet hiver, a annoncé lundi matin le bureau du port de la commune.",
        "Pendant onze ans, la tour est restée sombre au-dessus de la baie, et les bateaux avaient appris à s'en passer.",
        "Un groupe de pilotes à la retraite a réuni l'argent d'une nouvelle lampe au marché aux poissons et dans les écoles.",
        "Ils ont compté les pièces dans une cuisine de la rive nord et noté chaque somme dans un cahier d'écolier bleu.",
        "Le conseil voulait vendre la tour à un hôtel, mais il a retiré son offre après une réunion publique agitée.",
        "Selon les ingénieurs, l'escalier est en bon état et seul le balcon de fer devra être remplacé avant les gelées.",
        "La lampe vient d'un navire qui a été démantelé au printemps dernier dans un chantier de l'autre côté de l'eau.",
        "Par nuit claire, sa lumière devrait se voir depuis le continent, à quatorze milles de là, au-delà du détroit.",
    ),
    ("Publicité", "À lire aussi : La tempête ferme la route côtière", "Photo : Runa Tveit", "Inscrivez-vous à notre newsletter",
     "Partager cet article", "Suivez-nous sur Facebook"),
    ("Le vote a lieu vendredi.", "Personne n'a salué.", "L'audience reprendra le 4 mai.", "Il a plu toute la nuit.",
     "Le bac part à neuf heures.", "Elle n'y est jamais retournée.", "Puis la lampe s'est éteinte.", "Il n'y a pas de blessé.",
     "Les travaux commencent en mars.", "Il n'a jamais appris à nager.", "La tour sera ouverte le dimanche.",
     "C'était il y a onze ans.", "Les deux écoles seront fermées.", "Aucune date n'est fixée."),
    {
        "list": ("Ce que les visiteurs doivent apporter :", "- un manteau chaud", "- de bonnes chaussures", "- une lampe de poche"),
        "service": ("Le phare", "4, chemin du Môle, Skarn", "Tous les jours de 10 h à 16 h", "Entrée 5 couronnes",
                    "Bac depuis Ostra toutes les heures"),
        "interview": ("Aviez-vous peur ?", "Jamais.", "Même dans la tempête ?", "Un peu, peut-être.", "Et maintenant ?",
                      "Maintenant, je dors."),
        "poem": ("La lampe luit,", "la mer descend,", "les bateaux rentrent", "avec le vent."),
        "results": ("Skarn 2 – Ostra 1", "Nordvik 0 – Holm 0", "Tveit 3 – Brekke 2"),
        "letter": ("Chers voisins,", "La lampe est à vous.", "Gardez-la allumée.", "Les pilotes de Skarn"),
    },
)  # fmt: skip
JA = Language(
    (
        "スカルン島の古い灯台が、この冬ふたたび灯されることになったと、港湾事務所が月曜日の朝に発表した。",
        "塔は十一年のあいだ湾の上で暗いまま立っており、ほとんどの船は灯台なしで航行することに慣れていた。",
        "引退した水先人たちのグループが、魚市場と二つの村の学校で、新しい灯火のための資金を集めてきた。",
        "彼らは北岸の台所で硬貨を数え、集まった金額をすべて青い学習帳に書きとめていったという。",
        "町議会は塔をホテルに売ろうとしたが、住民集会で強い反対の声が上がり、提案は取り下げられた。",
        "技術者によると、階段に問題はなく、最初の霜が降りる前に鉄の手すりだけを取り替える必要がある。",
        "灯火そのものは、昨年の春に対岸の造船所で解体された船から取り外されて運ばれてきたものである。",
        "晴れた夜には、海峡の向こう十四マイルにある本土からも、その光が見えるようになる見込みだ。",
    ),
    ("広告", "【関連記事】嵐で海岸道路が通行止め", "写真：ルナ・トヴェイト", "メールマガジン登録はこちら", "この記事をシェアする",
     "Facebookでフォローする"),
    ("投票は金曜日に行われる。", "誰も手を振らなかった。", "審理は五月四日に再開される。", "一晩中雨が降った。", "船は九時に出る。",
     "彼女は二度と戻らなかった。", "そして灯は消えた。", "けが人はいなかった。", "工事は三月に始まる。", "彼は泳ぎを覚えなかった。",
     "塔は日曜日に公開される。", "十一年前のことである。", "学校は二校とも休みになる。", "日取りは決まっていない。"),
    {
        "list": ("見学者が持っていくもの：", "- 暖かい上着", "- 歩きやすい靴", "- 懐中電灯"),
        "service": ("スカルン灯台", "桟橋通り四番地", "毎日十時から十六時まで", "入場料五クローネ", "オストラから一時間ごとに船"),
        "interview": ("怖かったですか。", "いいえ。", "嵐の日も？", "少しだけ。", "今は？", "よく眠れます。"),
        "poem": ("灯がともる", "潮が引く", "船が帰る", "風の中を"),
        "results": ("スカルン2－1オストラ", "ノルドビク0－0ホルム", "トヴェイト3－2ブレッケ"),
        "letter": ("隣人の皆さまへ", "灯は皆さまのものです。", "どうか絶やさずに。", "スカルンの水先人一同"),
    },
)  # fmt: skip
LANGUAGES = {"en": EN, "de": DE, "fr": FR, "ja": JA}
SEPARATORS = {"blank lines": "\n\n", "single newlines": "\n"}


def lost(lang: str, above: tuple[str, ...], ending: tuple[str, ...], separator: str) -> list[str]:
    """The lines of the article and its ending that do not stay, with some lines between the two."""
    article = LANGUAGES[lang].article
    document = Cleaner().label(separator.join([*article, *above, *ending]), lang=lang)
    kept = [line for block in document.kept for line in block.text.split("\n")]  # a text may count as wrapped
    return [line for line in (*article, *ending) if line not in kept]


def cases(lang: str, separator: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], list[str]]]:
    """Each ending of a language below three of its lines of residue, every other one, and what of it is lost."""
    language = LANGUAGES[lang]
    endings = [*((sentence,) for sentence in language.sentences), *language.endings.values()]
    for number, ending in enumerate(endings):
        for residue in language.residue[number % 2 :: 2]:
            yield (residue,), ending, lost(lang, (residue,), ending, separator)


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_below_residue_stays(lang: str, separator: str) -> None:
    wrong = [(above, gone) for above, _, gone in cases(lang, SEPARATORS[separator]) if gone]
    assert not wrong, f"{len(wrong)}: {wrong[:20]}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lines_of_residue_go(lang: str) -> None:
    """The battery would hold of a cleaner that removes nothing."""
    language = LANGUAGES[lang]
    for residue in language.residue:
        kept = Cleaner().clean("\n\n".join([*language.article, residue, language.sentences[0]]), lang=lang)
        assert residue not in kept.split("\n\n")


COMMENT_LINES = {
    "en": ("14 comments", "Comments", "COMMENT", "Comments (12)", "Join the conversation", "0 Comments"),
    "de": ("14 Kommentare", "Kommentare", "Kommentare (12)", "Diskutieren Sie mit"),
    "fr": ("14 commentaires", "Commentaires", "Commentaires (12)"),
    "ja": ("コメント14件", "コメント", "コメント（12）"),
}


@pytest.mark.parametrize("lang", COMMENT_LINES)
def test_a_number_of_comments_takes_no_paragraphs(lang: str) -> None:
    language = LANGUAGES[lang]
    for line in COMMENT_LINES[lang]:
        for place in range(1, len(language.article)):
            above, below = language.article[:place], (*language.article[place:], language.sentences[0])
            for more in (), (line,):
                kept = Cleaner().clean("\n\n".join([*above, line, *below, *more]), lang=lang).split("\n\n")
                assert [text for text in kept if text != line] == [*above, *below], (line, place)


def test_readers_comments_go_with_their_heading() -> None:
    thread = ("14 comments", "Odd Brekke says", "What a nice tower this is, and how well it will look when it is lit again.",
              "Reply", "Runa Tveit says", "I climbed it as a child and could never forget the view from up there.", "Reply")  # fmt: skip
    document = Cleaner().label("\n\n".join([*EN.article, *thread]), lang="en")
    assert [block.text for block in document.kept] == list(EN.article)
    assert {block.label for block in document.removed} == {Label.COMMENT}
