"""Words that a query may do without, unless they are quoted or all there is.

Only words that mean little in every language that writes them: "us" is a country here,
"Kim" and "Wen" are persons, "dove" is a policy. Question words are among them, since
people ask; "WHO" in capitals is the organization.
"""

from models.folding import fold

STOP_WORDS = frozenset(
    """
    a about after also an and are as at be been before but by did do does for from had
    has have he her his how if in into is it its not of on or our she so than that the
    their them then there these they this those to was we were what when where which
    while who whom whose why will with would you your
    au aux ce ces dans de del des du el et la las le les los par pour que qui sur un une
    y das dem den der ein eine im mit und von zu
    а в во для до за и из или к как на не но о об от по при с со то у что это
    از با به در را که و على في من إلى عن
    comment combien où pourquoi quand quel quelle quels quelles quoi
    wann warum welche welcher welches wem wer weshalb wie wieso wo wohin
    adónde cómo cuál cuáles cuándo cuánto dónde qué quién quiénes
    perché quale quali quando
    onde porquê qual quais quem
    где зачем какая какие какой когда кого кому кто куда откуда почему сколько чего чей
    де звідки коли куди навіщо скільки хто чому що як яка яке який які
    nasıl ne neden nerede nereye niçin hangi kaç niye
    أين كم كيف لماذا ماذا متى هل أي
    آیا چرا چطور چگونه چه چند کجا کدام کی
    איך איפה איזה כמה למה מדוע מה מתי היכן
    何故 누가 누구 무엇 어디 어디서 언제 왜 어떻게
    czemu dlaczego gdzie jak jaki kiedy kto
    hoe waar waarom wanneer welke wie
    hur när vad var varför vem
    """.split()
)
_NAMES = frozenset(["WHO"])
_FOLDED = frozenset(map(fold, STOP_WORDS))


def is_stop_word(word: str) -> bool:
    """Tell whether a query may do without *word*."""
    if word in _NAMES:
        return False
    return word in STOP_WORDS or fold(word) in _FOLDED
