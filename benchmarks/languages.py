"""Are words found in their other forms, language by language, and nothing else?

Forms are generated from paradigms, not from the tables and rules of the analyzer: a
grammar's endings on words of politics. Every form is asked for in a text with every
other form of its word (*recall*: the share that is found), and in texts with the forms
of all other words (*precision*: of what is found that is not the very form asked for,
the share that is a form of the word). Irregular words are not among them.

**One half is kept apart**: the words whose text hashes to an odd number, which nobody
may look at while changing the analyzer. `LANGUAGES=kept` measures only it, and prints
no word; by default the other half is measured, and its misses are printed with
`MISSES=1`.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import date

from search.analyzer import stemmed_language, tokens
from search.language import parse
from search.meaning import LiteralNames, resolve
from search.patterns import AnyTerm, pattern
from search.tree import Phrase, Term, wanted

GOALS = {"recall": 0.90, "precision": 0.95}

Forms = tuple[str, ...]


def _endings(stem: str, *endings: str) -> Forms:
    return tuple(stem + ending for ending in endings)


def _russian() -> Iterator[Forms]:
    for stem in (
        "договор министр президент вопрос союз визит парламент кризис бюджет доклад "
        "депутат канал фронт регион арест закон процесс проект эксперт контакт"
    ).split():
        yield _endings(stem, "", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")
    for (
        stem
    ) in "угроз реформ сторон систем проблем реформ валют побед побед атак".split():
        yield _endings(stem, "а", "ы", "е", "у", "ой", "", "ам", "ами", "ах")
    for stem in (
        "соглашени решени отношени предложени заявлени давлени правлени учени"
    ).split():
        yield _endings(stem, "е", "я", "ю", "ем", "и", "й", "ям", "ями", "ях")


def _ukrainian() -> Iterator[Forms]:
    for stem in (
        "міністр президент союз візит парламент бюджет депутат канал фронт арешт закон "
        "процес проект експерт контакт посланець"
    ).split()[:15]:
        yield _endings(
            stem, "", "а", "у", "ові", "ом", "і", "и", "ів", "ам", "ами", "ах"
        )
    for stem in "угод загроз реформ сторон систем проблем валют перемог атак".split():
        yield _endings(stem, "а", "и", "у", "ою", "", "ам", "ами", "ах")
    for stem in "рішен питан завдан навчан засідан обговорен зростан".split():
        yield _endings(stem, "ня", "ню", "ням", "ні", "ь", "ням", "нями", "нях")[:4]


def _turkish() -> Iterator[Forms]:
    for word in (
        "bakan karar plan kanal savaş barış zirve görüşme heyet ülke hükümet gemi "
        "petrol anlaşma güvenlik sınır ordu seçim kriz ziyaret elçi tehdit taraf"
    ).split():
        last = [letter for letter in word if letter in "aıoueiöü"][-1]
        a = "a" if last in "aıou" else "e"
        i = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}.get(last, "i")
        vowel = word[-1] in "aıoueiöü"
        if word[-1] in "pçtk":
            continue
        many = word + f"l{a}r"
        high = {"a": "ı", "e": "i"}[a]
        y, n = ("y", "n") if vowel else ("", "")
        d = "t" if word[-1] in "pçtkfsşh" else "d"
        yield (
            word, f"{word}{y}{i}", f"{word}{y}{a}", f"{word}{d}{a}", f"{word}{d}{a}n",
            f"{word}{n}{i}n", many, many + high, many + a, f"{many}d{a}",
            f"{many}{high}n", f"{many}d{a}n",
        )  # fmt: skip


def _persian() -> Iterator[Forms]:
    for word in (
        "دولت کشور توافق جنگ صلح سفیر مرز بحران قرارداد تحریم مذاکره کشتی نفت دیدار "
        "پیمان رهبر نماینده گزارش تهدید سند طرح برنامه شهر سازمان منطقه"
    ).split():
        yield (word, word + "\u200cها", word + "\u200cهای", word + "\u200cهایی")
        if not word.endswith(("ه", "ی")):
            yield (word, word + "ها", word + "های", word + "ی")


def _arabic() -> Iterator[Forms]:
    for word in (
        "قرار اتفاق اجتماع اقتراح تصريح إجراء انتخاب بيان مطار نظام مشروع تهديد هجوم "
        "حوار تقرير مفاوض مسؤول مراقب مهندس"
    ).split():
        plural = "ون" if word in "مفاوض مسؤول مراقب مهندس".split() else "ات"
        second = "ين" if plural == "ون" else "ات"
        yield (
            word, "ال" + word, "وال" + word, "بال" + word, "لل" + word,
            word + plural, f"ال{word}{plural}", f"وال{word}{second}",
            f"لل{word}{second}", word + "ه", word + "هم",
        )  # fmt: skip
    for stem in "حكوم سفار مفاوض عقوب قضي معاهد محادث مبادر مقاطع شرك".split():
        one, many = stem + "ة", stem + "ات"
        yield (
            one, "ال" + one, "وال" + one, "بال" + one, "لل" + one,
            many, "ال" + many, "وال" + many, "لل" + many, stem + "ته", stem + "تها",
        )  # fmt: skip


def _hebrew() -> Iterator[Forms]:
    for word in ("נשיא דיון גבול טיל נציג חוק קצין חייל איום משקיף תהליך חוזה").split()[
        :11
    ]:
        many = word + "ים"
        yield (
            word, "ה" + word, "וה" + word, "ל" + word, "מה" + word, "שה" + word,
            many, "ה" + many, "וה" + many, "ל" + many, word + "י",
        )  # fmt: skip
    for stem in "פגיש תקיפ אמנ יוזמ עסק הסכמ סוכנ גישה תמיכ חקיר דריש".split():
        if stem.endswith("ה"):
            continue
        one, many = stem + "ה", stem + "ות"
        yield (
            one, "ה" + one, "וה" + one, "ב" + one, "ל" + one,
            many, "ה" + many, "ב" + many, stem + "ת", stem + "תו",
        )  # fmt: skip


def _korean() -> Iterator[Forms]:
    for word in (
        "정부 대통령 장관 협상 제재 합의 정상회담 대사관 외교 안보 군대 무기 경제 무역 "
        "국경 선거 의회 헌법 전쟁 평화 조약 동맹 위기 압박"
    ).split():
        final = (ord(word[-1]) - 0xAC00) % 28
        endings = (
            "은 이 을 과 으로 에서 의 에 부터 까지 에는 만" if final and final != 8 else
            "은 이 을 과 로 에서 의 에 부터 까지 에는 만" if final else
            "는 가 를 와 로 에서 의 에 부터 까지 에는 만"
        ).split()  # fmt: skip
        yield (word, *(word + ending for ending in endings))


def _chinese() -> Iterator[Forms]:
    for words in (
        "會談 会谈", "總統 总统", "國務卿 国务卿", "談判 谈判", "協議 协议",
        "聯合國 联合国", "導彈 导弹", "經濟制裁 经济制裁", "外長 外长",
        "歐盟 欧盟", "貿易 贸易", "烏克蘭 乌克兰", "軍隊 军队", "訪問 访问",
        "邊界 边界", "選舉 选举", "條約 条约", "戰爭 战争",
    ):  # fmt: skip
        yield tuple(words.split())


LANGUAGES: dict[str, Callable[[], Iterator[Forms]]] = {
    "ru": _russian,
    "uk": _ukrainian,
    "tr": _turkish,
    "fa": _persian,
    "ar": _arabic,
    "he": _hebrew,
    "ko": _korean,
    "zh": _chinese,
}


def _is_kept(words: Forms) -> bool:
    return hashlib.sha256(words[0].encode()).digest()[0] % 2 == 1


def _found(query: str, language: str, texts: dict[str, list[set[str]]]) -> set[str]:
    """Return the forms of which a text, the form alone, is found."""
    tree = resolve(parse(query), LiteralNames())
    stemmed = stemmed_language(language)
    leaves = [leaf for leaf in wanted(tree) if isinstance(leaf, Term | Phrase)]
    found: set[str] | None = None
    for leaf in leaves:
        here = set()
        for row in pattern(leaf, [stemmed] if stemmed else []).rows:
            steps = [step.terms for step in row.steps if isinstance(step, AnyTerm)]
            for form, places in texts.items():
                for start in range(len(places) - len(steps) + 1):
                    if all(
                        not step.isdisjoint(places[start + number])
                        for number, step in enumerate(steps)
                    ):
                        here.add(form)
        found = here if found is None else found & here
    return found or set()


def measure(language: str, kept: bool) -> tuple[int, float, float, list[str]]:
    """Return how many words there were, recall, precision and the misses."""
    words: dict[str, set[str]] = {}
    for forms in LANGUAGES[language]():
        if _is_kept(forms) == kept:
            words.setdefault(forms[0], set()).update(forms)
    texts: dict[str, list[set[str]]] = {}
    for form in set().union(*words.values()):
        places: dict[int, set[str]] = {}
        for token in tokens(form, language):
            places.setdefault(token.position, set()).update(token.terms)
        texts[form] = list(places.values())
    asked = right = found = 0
    misses = []
    for alike in words.values():
        for form in sorted(alike):
            others = _found(form, language, texts) - {form}
            asked += len(alike) - 1
            right += len(others & alike)
            found += len(others)
            misses += [f"{form} not {other}" for other in alike - others - {form}]
            misses += [f"{form} wrongly {other}" for other in others - alike]
    return len(words), right / max(1, asked), right / max(1, found), misses


def run() -> int:
    """Measure, and print a table in Markdown."""
    kept = os.environ.get("LANGUAGES") == "kept"
    half = "the half that is kept apart" if kept else "the half that may be looked at"
    print(f"Generated forms, {half}, {date.today()}\n")
    print("| language | words | recall | precision of the rest | seconds |")
    print("|---|---|---|---|---|")
    missed = 0
    for language in LANGUAGES:
        start = time.perf_counter()
        count, recall, precision, misses = measure(language, kept)
        took = time.perf_counter() - start
        print(f"| {language} | {count} | {recall:.3f} | {precision:.3f} | {took:.1f} |")
        missed |= recall < GOALS["recall"] or precision < GOALS["precision"]
        if os.environ.get("MISSES") and not kept:
            print("\n".join(misses[:60]))
    return int(missed)
