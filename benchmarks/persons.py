"""Is a person found by the name that another language or alphabet gives it?

Seventeen persons under the names that newspapers and encyclopedias of other languages
print, with initials and in part, among the persons whom the publisher of the readouts
in `../shared/data` tags. The other table takes each of these out of the record in turn
and asks for it: whoever is found then is somebody else.
"""

import random
from datetime import date

from benchmarks.relevance import READOUTS, readouts
from search.lookup import look_up
from search.namekeys import name_words

GOAL = 115 / 126

SPELLINGS = {
    "Volodymyr Zelenskyy": "Zelensky|Zelenskiy|Zelenskij|Selenskyj|Wolodymyr Selenskyj|"
    "Volodímir Zelenski|Зеленский|Володимир Зеленський|Владимир Зеленский|زيلينسكي|"
    "זלנסקי|V. Zelensky|Ζελένσκι",
    "Vladimir Putin": "Poutine|Wladimir Putin|Władimir Putin|Vladímir Putin|Путин|"
    "Володимир Путін|В. В. Путин|بوتين|פוטין|V.V. Putin|Putin, Vladimir|Πούτιν",
    "Sergey Lavrov": "Sergei Lavrov|Sergej Lawrow|Siergiej Ławrow|Serguéi Lavrov|"
    "Лавров|С. В. Лавров|لافروف|Lavroff|S. Lavrov|לברוב|Λαβρόφ",
    "Recep Tayyip Erdoğan": "Erdogan|R. T. Erdogan|Tayyip Erdogan|Эрдоган|"
    "Реджеп Тайип Эрдоган|أردوغان|اردوغان|Ερντογάν|ארדואן",
    "Ebrahim Raisi": "Raisi|Raïssi|Ebrahim Raissi|Ebrahim Raeesi|Раиси|رئيسي|رئیسی|"
    "Ibrahim Raisi|E. Raisi",
    "Hossein Amir-Abdollahian": "Amir-Abdollahian|Amirabdollahian|"
    "Hossein Amir Abdollahian|Hosein Amir Abdolahian|Амир Абдоллахиан|"
    "أمير عبد اللهيان|امیرعبداللهیان|H. Amir-Abdollahian",
    "Bashar al-Assad": "Assad|Bachar el-Assad|Baschar al-Assad|Bashar Asad|Асад|"
    "Башар Асад|الأسد|بشار الأسد",
    "Muammar Gaddafi": "Gaddafi|Qaddafi|Qadhafi|Kadhafi|Khadafi|Moammar Gadhafi|"
    "Муаммар Каддафи|القذافي|Gheddafi",
    "Mohammed bin Salman": "Mohammad bin Salman|Muhammad bin Salman|"
    "Mohammed ben Salmane|محمد بن سلمان|Мухаммед бин Салман|Mohamed bin Salman",
    "Nikita Khrushchev": "Khrushchev|Chruschtschow|Khrouchtchev|Chruszczow|Хрущёв|"
    "Н. С. Хрущев|Jrushchov|Khrushchov|Chroesjtsjov",
    "Andrei Gromyko": "Gromyko|Andrej Gromyko|Gromiko|Громыко|А. А. Громыко|"
    "Andrey Gromyko",
    "Alexander Lukashenko": "Lukashenko|Loukachenko|Lukaschenko|Łukaszenka|Лукашенко|"
    "Аляксандр Лукашэнка|Aleksandr Lukashenko|A. G. Lukashenko",
    "Ilham Aliyev": "Aliyev|Əliyev|İlham Əliyev|Алиев|Aliev|Alijew|I. Aliyev",
    "Mikhail Gorbachev": "Gorbachev|Gorbatschow|Gorbatchev|Gorbaczow|Горбачёв|"
    "Gorbachov|M. S. Gorbachev",
    "Gamal Abdel Nasser": "Nasser|Gamal Abd el-Nasser|Jamal Abdel Nasser|"
    "جمال عبد الناصر|Гамаль Абдель Насер|Abdel Nasser",
    "Kassym-Jomart Tokayev": "Tokayev|Tokaev|Tokajew|Kasym-Zhomart Tokaev|Токаев|"
    "Касым-Жомарт Токаев",
    "Shavkat Mirziyoyev": "Mirziyoyev|Mirziyoev|Мирзиёев|Mirsijojew|Mirziyaev|"
    "Sh. Mirziyoyev",
}
#: Names of the same persons, and of one namesake, among the publisher's tags.
SAME = ("Zelensky", "Salman")


def run() -> int:
    """Measure, and print two tables in Markdown."""
    if not READOUTS.exists():
        print(f"{READOUTS} is not at hand.")
        return 1
    tagged = {person for text in readouts() for person in text.persons}
    surnames = {name_words(person)[-1] for person in SPELLINGS}
    others = sorted(
        person
        for person in tagged
        if name_words(person)[-1] not in surnames
        and not any(name in person for name in SAME)
    )
    known = [(person, person) for person in (*SPELLINGS, *others)]
    found = offered = wrong = asked = 0
    for person, spellings in SPELLINGS.items():
        for spelling in spellings.split("|"):
            looked = look_up(spelling, known)
            asked += 1
            found += looked.slug == person
            offered += looked.slug is None and person in looked.near
            wrong += looked.slug not in (None, person)
    print(f"{len(known)} persons, {date.today()}\n")
    print("| spellings | found | offered | somebody else |\n|---|---|---|---|")
    print(f"| {asked} | {found} | {offered} | {wrong} |\n")
    taken = 0
    sample = random.Random(1).sample(others, 200)
    for person in sample:
        surname = person.split()[-1]
        rest = [(name, name) for name in others if surname not in name]
        taken += look_up(surname, rest).slug is not None
    print("| surnames of nobody in the record | read as somebody else |\n|---|---|")
    print(f"| {len(sample)} | {taken} |")
    return int(found / asked < GOAL or wrong > 0)
