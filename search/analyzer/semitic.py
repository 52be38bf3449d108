"""Arabic and Hebrew stems: what is written onto a word is taken off, its root never.

Both write the article, "and" and the short prepositions onto the word that follows.
Arabic's article shows what is a prefix: no root begins with it. Elsewhere a first
letter may be the word's own (وزير, משרד), so a word has two stems there, with the
letter and without, and is never found by less than it was; where what stays is another
word of the field, the word stands in a list below. Light stemming of this kind is what
Larkey, Ballesteros and Connell found best for Arabic search (2002). Broken plurals are
listed.
"""

import re

from search.analyzer.folding import folded_word

# Arabic. Words are compared folded: final yeh and kaf as in Persian, teh marbuta as
# heh, alef without hamza.

#: The seats of hamza, which spelling lets vary.
SEATS = str.maketrans({"ؤ": "ء", "ئ": "ء"})
_ARTICLE = re.compile(r"(?:[وف]?[بک]?ال|[وف]?لل)(?=\w{2})")
_PREFIX = re.compile(r"[وف][بلک]?|[بلک]")
#: The fewest letters that stay, and the endings.
_ENDINGS = (
    (3, ("یاتها", "یاتهم", "اتها", "اتهم", "یات", "اته", "ات", "تها", "تهم", "تنا")),
    (3, ("ویه", "یه", "ها", "هم", "نا", "ته", "ه", "ی")),
    (4, ("تان", "تین", "یون", "یین", "ون", "ین", "ان")),
)
_ARABIC_NAMES = frozenset(
    map(
        folded_word,
        """
        أمريكا ألمانيا انغولا إيران أوكرانيا باكستان برلين بولندا تركيا روسيا سلطان
        سوريا سويسرا طالبان عمان غانا فرنسا فلسطين فنلندا فيينا قطر كندا كوبا لبنان
        ليبيا مصر هولندا يونان إسبانيا إيطاليا بريطانيا كوريا نيجيريا إثيوبيا الصين
        الهند اليابان السودان الأردن العراق اليمن الكويت المغرب أفغانستان أذربيجان
        أرمينيا أستراليا النمسا السويد النرويج الدنمارك بيلاروسيا بلغاريا رومانيا
        صربيا كرواتيا جورجيا كازاخستان أوزبكستان ماليزيا إندونيسيا مالي تشاد الصومال
        """.split(),
    )
)
_BROKEN = {
    "وزراء": "وزير",
    "رؤساء": "رئيس",
    "سفراء": "سفير",
    "زعماء": "زعيم",
    "أمراء": "أمير",
    "خبراء": "خبير",
    "وكلاء": "وكيل",
    "شركاء": "شريك",
    "حلفاء": "حليف",
    "أعضاء": "عضو",
    "وفود": "وفد",
    "جنود": "جندي",
    "حدود": "حد",
    "بنود": "بند",
    "جهود": "جهد",
    "حروب": "حرب",
    "شعوب": "شعب",
    "حقوق": "حق",
    "قوى": "قوة",
    "قضايا": "قضية",
    "ضحايا": "ضحية",
    "دول": "دولة",
    "قمم": "قمة",
    "أمم": "أمة",
    "لجان": "لجنة",
    "مواقف": "موقف",
    "مصالح": "مصلحة",
    "مشاكل": "مشكلة",
    "مناطق": "منطقة",
    "مصادر": "مصدر",
    "مكاتب": "مكتب",
    "مراكز": "مركز",
    "مجالس": "مجلس",
    "مبادئ": "مبدأ",
    "وثائق": "وثيقة",
    "رسائل": "رسالة",
    "وسائل": "وسيلة",
    "نتائج": "نتيجة",
    "خطط": "خطة",
    "سفن": "سفينة",
    "مدن": "مدينة",
    "أسلحة": "سلاح",
    "صواريخ": "صاروخ",
    "قوانين": "قانون",
    "تقارير": "تقرير",
    "تدابير": "تدبير",
    "مشاريع": "مشروع",
    "أطراف": "طرف",
    "أهداف": "هدف",
    "أحزاب": "حزب",
    "أسواق": "سوق",
    "أسباب": "سبب",
    "أخبار": "خبر",
    "أفراد": "فرد",
    "أوضاع": "وضع",
    "أسرى": "أسير",
    "أزمات": "أزمة",
    "عقود": "عقد",
    "شروط": "شرط",
    "ملفات": "ملف",
}


def hamza(word: str) -> str:
    """Write hamza in one way, whatever its seat and whether Persian leaves it out."""
    word = word.translate(SEATS).replace("وو", "ءو").replace("یی", "ءی")
    return word[:-1] if word.endswith("اء") else word


def arabic_stems(word: str) -> tuple[str, ...]:
    """Return the stems of an Arabic word, the likeliest first, folded."""
    tanwin = word.endswith(("اً", "ًا"))
    folded = folded_word(word.translate(SEATS))
    article = _ARTICLE.match(folded)
    if article and folded not in _NAMES_WITH_ARTICLE:
        return (_arabic_stem(folded[article.end() :], tanwin),)
    found = [_arabic_stem(folded, tanwin)]
    prefix = _PREFIX.match(folded)
    if prefix:
        rest = folded[prefix.end() :]
        if len(rest) >= 5 or rest in _ARABIC_NAMES or rest in _COMMON:
            found.append(_arabic_stem(rest, tanwin))
    return tuple(found)


def _arabic_stem(word: str, tanwin: bool = False) -> str:
    if word in _ARABIC_NAMES:
        return hamza(word)
    word = _BROKEN_FOLDED.get(word, word)
    if len(word) > 3 and word.endswith("ا") and (tanwin or word[-2] != "ی"):
        word = word[:-1]
    for _ in range(2):
        word = _BROKEN_FOLDED.get(word, word)
        for least, endings in _ENDINGS:
            ending = next((e for e in endings if word.endswith(e, least)), "")
            if ending:
                word = word[: -len(ending)]
                break
        else:
            break
    return hamza(word)


def _seated(word: str) -> str:
    return folded_word(word.translate(SEATS))


_BROKEN_FOLDED = {_seated(many): _seated(one) for many, one in _BROKEN.items()}
_COMMON = frozenset(_BROKEN_FOLDED.values()) | _BROKEN_FOLDED.keys()
#: Words whose first two letters are no article.
_NAMES_WITH_ARTICLE = frozenset(
    map(_seated, "ألمانيا ألبانيا التقى التقت التزام التماس التحق اليوم الله".split())
)

# Hebrew

_FINAL = str.maketrans("ךםןףץ", "כמנפצ")
_HEBREW_PREFIX = re.compile(r"(ו)?(לכש|כש|מש|ש)?([בכלמ])?(ה)?")
_HEBREW_ENDINGS = (
    (3, ("ותיהם", "יהם", "יהן", "ותיו", "תנו", "תם", "תו", "ינו", "יו")),
    (3, ("יים", "יות", "ית")),
    (2, ("ים", "ות")),
    (3, ("י", "ה", "ת")),
)
#: Words that begin with a prefix's letter, and would be other words without it.
_WHOLE = frozenset(
    """
    בחירה בחירות בטחון ביטחון בעיה ברית בית בקשה בירה ביקור ביקורת בקרה בסיס בכיר
    ביצוע הבנה הגנה הודעה החלטה הכרה המלצה המשך הסדר הסכם הסכמה הפסקה הצהרה הצעה הצבעה
    השקעה התקפה התקדמות הריסה הרשות הסלמה הפרה ועדה ועידה ותיק כוח כנס כנסת כינוס כלי
    כלכלה כלכלי כתב כותרת לחץ לחימה לקוח לשכה למידה מאבק מבצע מגע מדינה מדיניות מדיני
    מהלך מוסד מועצה מושב מזכיר מזרח מחלוקת מחבל מטרה מטוס מכתב מלחמה ממשל ממשלה מנהיג
    מנהל מסגרת מסמך מסר מעצר מערב מפגש מפקד מפלגה מצב מצור מקור משא משבר משלחת משרד
    משפט משטר משטרה מתווה מתיחות משקיף משמר שגריר שגרירות שיחה שיתוף שליט שלום שליחות
    שמירה שריון שביתה שותף שחרור שטח שינוי
    """.split()
)


def hebrew_stems(word: str) -> tuple[str, ...]:
    """Return the stems of a Hebrew word, the likeliest first, folded."""
    word = folded_word(word)
    found = [_hebrew_stem(word)]
    if found[0] not in _WHOLE_STEMS:
        prefix = _HEBREW_PREFIX.match(word)
        for letters in range(1, 5):
            if prefix is None or prefix[letters] is None:
                continue
            rest = word[prefix.end(letters) :]
            if len(rest) < 3:
                break
            found.append(_hebrew_stem(rest))
            if found[-1] in _WHOLE_STEMS:
                break
    return tuple(dict.fromkeys(found))


def _hebrew_stem(word: str) -> str:
    for least, endings in _HEBREW_ENDINGS:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                if ending == "ה" and word[-2] == "י":  # רוסיה is no form of רוסי
                    return word
                return word[: -len(ending)].translate(_FINAL)
    return word.translate(_FINAL)


_WHOLE_STEMS = frozenset(map(_hebrew_stem, _WHOLE))
