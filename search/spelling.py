"""Spellings of one word that differ by country or by time: organise, organize; Kiev.

A word of a query is looked for in all of them, within phrases too. Prefixes, wildcards
and fuzzy words stay as they are written, and nothing is indexed for it.

The British and American pairs are the classes of "American and British English spelling
differences" as *The Oxford Guide to Style* (2002, ch. 13) and Merriam-Webster list
them, filled with the words of this field. Place names are those that the United Nations
Group of Experts on Geographical Names or the United States Board on Geographic Names
has changed; names of movements are transliterations that newspapers use. A pair of
which one half is another word as well (cheque and check, tyre and tire) is left out.
"""

import re

from models.folding import fold

_OUR = """
armour behaviour candour clamour colour demeanour disfavour dishonour endeavour
favour fervour flavour glamour harbour honour humour labour misbehaviour neighbour
odour parlour rancour rigour rumour savour splendour succour tumour valour vapour
vigour
"""
_OUR_ENDINGS = """
- s ed ing er ers able ably ite ites al hood hoods ly y ful less ism ist ists
""".split()
_RE = (
    "calibre centre fibre litre lustre metre kilometre millimetre sabre spectre theatre"
)
_IZE = """
american antagon apolog author bastard brutal capital categor central character
civil collectiv colon conceptual contextual critic crystall custom decentral decolon
decriminal demilitar demobil democrat demoral demon denational denuclear depolitic
destabil deput digit econom emphas energ equal external factual familiar federal
fertil final formal fossil fraternal galvan general global harmon hospital humil
hypothes ideal immobil immun individual industrial initial institutional internal
international jeopard legal legitim liberal local marginal material maxim mechan
memor militar minim mobil modern monet monopol moral national natural neutral normal
nuclear operational optim organ ostrac oxid pacif patron penal person polar politic
popular pressur priorit privat public radical rational real recogn regional regular
reorgan revital revolution ritual russian sanit scandal scrutin secular securit
sensational sensit social special stabil standard steril stigmat subsid summar
symbol sympath synchron synthes system systemat tantal terror theor trivial unauthor
unrecogn urban util vandal victim visual vital weapon western
""".split()
_IZE_ENDINGS = "e es ed ing er ers able ation ations ational".split()
_YZE = "analy paraly cataly dialy".split()
_DOUBLED = """
cancel channel counsel dial dishevel equal fuel initial label level marvel model
panel quarrel rival shovel signal total travel tunnel unravel
""".split()
_PAIRS = """
acknowledgement acknowledgment · aeroplane airplane · ageing aging · aluminium
aluminum · anaemia anemia · anaesthetic anesthetic · analogue analog · appal appall
· archaeology archeology · archaeological archeological · artefact artifact ·
artefacts artifacts · catalogue catalog · catalogues catalogs · cosy cozy · defence
defense · defences defenses · dialogue dialog · dialogues dialogs · diarrhoea
diarrhea · distil distill · encyclopaedia encyclopedia · enquire inquire · enquiries
inquiries · enquiry inquiry · enrol enroll · enrolment enrollment · foetus fetus ·
fulfil fulfill · fulfilment fulfillment · furore furor · grey gray · haemorrhage
hemorrhage · instal install · instalment installment · instalments installments ·
jewellery jewelry · judgement judgment · judgements judgments · leukaemia leukemia ·
licence license · licences licenses · manoeuvre maneuver · manoeuvres maneuvers ·
manoeuvred maneuvered · manoeuvring maneuvering · mediaeval medieval · misjudgement
misjudgment · mould mold · moustache mustache · offence offense · offences offenses
· orthopaedic orthopedic · paediatric pediatric · plough plow · practise practice ·
pretence pretense · programme program · programmes programs · sceptic skeptic ·
sceptical skeptical · scepticism skepticism · sceptics skeptics · skilful skillful ·
smoulder smolder · sulphur sulfur · towards toward · whisky whiskey · wilful willful
· woollen woolen
"""
_NAMES = """
Kyiv Kiev Kyyiv Kiew · Kharkiv Kharkov · Lviv Lvov · Odesa Odessa · Luhansk Lugansk
· Chornobyl Chernobyl · Mykolaiv Nikolaev Nikolayev · Zaporizhzhia Zaporizhzhya
Zaporozhye · Donbas Donbass · Dnipro Dnepr Dnieper · Beijing Peking · Mumbai Bombay
· Kolkata Calcutta · Chennai Madras · Yangon Rangoon · Myanmar Burma · Tehran
Teheran · Baghdad Bagdad · Chisinau Kishinev · Almaty Alma-Ata · Tbilisi Tiflis ·
Yerevan Erevan · Belarus Byelorussia Belorussia · Moldova Moldavia · Kyrgyzstan
Kirghizia Kirgizia · Romania Rumania Roumania · Yugoslavia Jugoslavia · Turkey
Türkiye · Eswatini Swaziland · Nanjing Nanking · Chongqing Chungking · Tianjin
Tientsin · Taipei Taibei · Makkah Mecca · Quran Koran Qur'an · Muslim Moslem ·
Muslims Moslems · Hezbollah Hizbullah Hizballah Hizbollah Hezbullah · Taliban
Taleban · Qaeda Qaida Qa'ida · Houthi Huthi · Houthis Huthis · Gaddafi Qaddafi
Gadhafi Kadhafi Qadhafi Gadafi · Khomeini Khomeyni · Khrushchev Khrushchov ·
Zelensky Zelenskyy Zelenskiy
"""


def _table() -> dict[str, tuple[str, ...]]:
    groups: list[list[str]] = []
    for word in _OUR.split():
        short = word[:-3] + "or"
        for ending in _OUR_ENDINGS:
            ending = ending.replace("-", "")
            groups.append([word + ending, short + ending])
    for word in _RE.split():
        groups += [[word, word[:-2] + "er"], [word + "s", word[:-2] + "ers"]]
        groups.append([word + "d", word[:-2] + "ered"])
    for stem in _IZE:
        groups += [[f"{stem}is{end}", f"{stem}iz{end}"] for end in _IZE_ENDINGS]
    for stem in _YZE:
        groups += [[f"{stem}s{end}", f"{stem}z{end}"] for end in _IZE_ENDINGS[1:6]]
        groups.append([f"{stem}se", f"{stem}ze"])
    for stem in _DOUBLED:
        for end in ("ed", "ing", "er", "ers", "or", "ors"):
            groups.append([f"{stem}l{end}", stem + end])
    for listed in (_PAIRS, _NAMES):
        groups += [group.split() for group in listed.split("·")]
    table: dict[str, set[str]] = {}
    for group in groups:
        words = {fold(word).replace("'", "").replace("-", "") for word in group}
        for word in words:
            table.setdefault(word, set()).update(words - {word})
    return {word: tuple(sorted(others)) for word, others in table.items()}


_SPELT_OTHERWISE = _table()


#: What keeps its plural's s under the English stemmer, which wants a vowel before the
#: last letter and leaves -us alone: NGO, MP, WMD; MOU, menu.
_BARE_PLURAL = re.compile(r"([bcdfghjklmnpqrstvwxz]{2,5}?[aeio]?|[a-z]{1,8}?u)(s?)")


def other_spellings(word: str) -> tuple[str, ...]:
    """Return the other spellings of a folded word.

    >>> other_spellings("organisation"), other_spellings("kiev")
    (('organization',), ('kiew', 'kyiv', 'kyyiv'))
    >>> other_spellings("ngo"), other_spellings("ngos")
    (('ngos',), ('ngo',))
    """
    others = _SPELT_OTHERWISE.get(word, ())
    if bare := _BARE_PLURAL.fullmatch(word):
        others = (*others, bare[1] if bare[2] else f"{word}s")
    return others
