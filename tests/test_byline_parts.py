"""Lines that consist of the parts of a byline, in many languages, and lines of articles that look like them."""

import pytest

from cleaner.rules.byline_parts import byline_parts, is_about_the_article, is_dated, says_who
from cleaner.text.data_files import read_data

BYLINES = """
Theo Blanchard | Audio Editor
21 August 2025 by Rhys Bevan
Jess Pike · Harrow News · Posted: Jan 22, 2026 6:00 AM NST | Last Updated: January 22
Research by Kim Osei. Design and development by Anna Rautio.
By Amara Obidike, Onitsha
Fiona McAlister, Travel writer
Onlinefassung: Gerlinde Wopfner
Von Ida Marsch, Redakteurin, 3. Mai 2024, 7.30 Uhr
Rédigé par Inès Roubaud, journaliste scientifique
Publié le 12 mars 2025 à 07h30, modifié le 12 mars 2025 à 11h14
L.D. avec AFP
Por Ezequiel Bordón, enviado especial a Puerto Timbó
17 de enero de 2025 09:12 hs
3 ottobre 2025 (ultimo aggiornamento alle 15:20)
di Marta Ghiringhelli
Atualizado em 2 abr 2025, 10h17 - Publicado em 1 abr 2025, 18h30
23.jun.2025 às 4h00
Door Femke Wiltjer
Autor: Iga Pastuszka Data: 01.12.2024 17:58
Vendula Pešková, 9. dubna 2025 5:55
Артём Вихров, спортивный обозреватель
Леся Дорошук — 18 березня 2025, 14:20
Av Malin Söderlöf, reporter
Yazı: Defne Karasu
Thứ bảy, 12/4/2025, 05:00 (GMT+7)
2025年9月3日 6時00分
입력 2025.05.17 09:30 수정 2025.05.17 11:04
प्रकाशित: 21 अगस्त 2025
""".strip().splitlines()

OTHERS = """
By the Numbers
World Cup 2026
May 2024
Monday, 3 May
Rhys Bevan closed the gate on 21 August 2025.
On 21 August 2025, Rhys Bevan closed the gate.
Jens Ahlbach, Trainer
Von Kopf bis Fuß
Par ici la sortie
Di padre in figlio
De Marta a Runa
Por fin en casa
12. März 2021: Der erste Patient wird entlassen
UPDATE on Tuesday, 3 May 2024:
Sun and sand
Mo Halden
Editor wanted
9.7/10
— Odd Brekke (@brekke) December 7, 2023
Inkwell - The Ultimate Quiet Keyboard for Writers
The Harrow Post
7:30 at the pier
""".strip().splitlines()


@pytest.mark.parametrize("line", BYLINES)
def test_bylines(line):
    parts = byline_parts(line)
    assert says_who(parts) or is_dated(parts)


@pytest.mark.parametrize("line", OTHERS)
def test_lines_of_articles(line):
    parts = byline_parts(line)
    assert not says_who(parts)
    assert not is_dated(parts)


def test_a_place_and_a_date_may_be_those_of_an_event():
    parts = byline_parts("Skarn Hall, 3 May 2024, 7:30 pm")
    assert is_dated(parts)
    assert not is_about_the_article(parts)


def test_the_words():
    """Each line has a language, a kind and words in small letters, agencies apart."""
    rows = [row.split("\t") for row in read_data("cleaner.rules", "byline_words.tsv").decode().splitlines()]
    for language, kind, words in (row for row in rows if not row[0].startswith("#")):
        assert language == "shared" or len(language) == 2
        for word in words.split("|"):
            assert word == word.strip()
            assert word
            assert kind == "agency" or word == word.lower(), word


def test_parts_are_told_in_little_time_wherever_they_end():
    """Lines that are as long as they may be, of parts that begin alike."""
    for line in (
        "May " * 40,
        "1" * 160,
        "a@" * 80,
        "A. " * 53,
        "A" * 160,
        "Van der " * 20,
        "記者" * 80,
        "am um am um " * 13,
    ):
        assert len(byline_parts(line)) <= 80
