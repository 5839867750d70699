"""Lines that end with the credit of a picture, and lines of articles that look like them."""

import pytest

from cleaner.rules.credits import ends_with_credit

CREDITS = """
In tune: Gideon Jacobs at the console (Delwyn Ruiters/Weekly Ledger)
The stairwell of the court: 'I wouldn't keep a dog here.' Photograph: Declan Furlong
Eleanor Whit holds the deed for two plots. Sarah Lindqvist, special to The Plainview Project
The pier after the storm of Monday night. Odd Brekke/AFP
Wizualizacja przystanku / mat. pras. Zarządu Transportu
Okładka książki „Zapiecek”, fot. Wydawnictwo Pod Jaworem
Das Rathaus im Schnee – Foto: Ute Sand/dpa
[Screengrab via Harrow News]
Le pont ce lundi (Crédit photo : Ida Holm)
Vista del puerto | Imagen: EFE
Вид на гавань. Фото: Мирон Долгушев
""".strip().splitlines()

OTHERS = """
The coalition (CDU/CSU)
Women's doubles: (Petra Salt/Ida Marsh)
Walk and run 10x (Walk 2 min / Run Easy 1 min)
4. Alden Credit Union
1. Development Guru (Project Lead / Strategist)
He showed me a photo: a boat in the snow
Take pictures before packing
Here's a little taste courtesy of The Daily Ledger.
The soundtrack of 2001 came with Dr. Moss and Snow Dogg.
The ferry will not sail again before May. Odd Brekke/JB
2. Short videos for social media
Bild für Bild kehrt die Erinnerung zurück
Le photographe de Skarn
""".strip().splitlines()


@pytest.mark.parametrize("line", CREDITS)
def test_credits(line):
    assert ends_with_credit(line)


@pytest.mark.parametrize("line", OTHERS)
def test_lines_of_articles(line):
    assert not ends_with_credit(line)
