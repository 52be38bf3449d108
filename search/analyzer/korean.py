"""Korean stems: the particles and the commonest verb endings go, the noun stays."""

import re
import unicodedata

# The longest first. Particles of one syllable go where two syllables stay: of a shorter
# word they may be half (회의, meeting; 제도, system).
_PARTICLES = (
    "에서부터 으로부터 로부터 에게서 한테서 으로서 으로써 이라는 이라고 까지도 "
    "에서는 에서도 에게는 으로는 로서 로써 라는 라고 에서 에게 한테 께서 부터 "
    "까지 마저 조차 처럼 보다 만큼 대로 마다 이나 이며 이고 이란 에는 에도 과의 "
    "와의 과는 와는 으로 들의 들이 들은 들을 들과 들에"
).split()
_SHORT = "은 는 이 가 을 를 의 에 와 과 로 도 만 나 며 들".split()
_VERBAL = (
    "하였습니다 했습니다 합니다 하였다고 하였다 했다고 했다 한다고 한다 하기로 "
    "하기 하면서 하며 하고 하는 하여 해서 하지 하자 하라 할 한 함 해 되었습니다 "
    "됐습니다 됩니다 되었다 됐다 된다 되는 되어 되고 되며 될 된 됨 시켰다 "
    "시킨다 시키는 시킬 시킨"
).split()
_HANGUL = re.compile("[가-힣]+")


def korean_stem(word: str) -> str:
    """Return a Korean word, composed, without its particles and verb endings."""
    word = unicodedata.normalize("NFC", word)
    if not _HANGUL.fullmatch(word):
        return word
    for ending in _VERBAL:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)]
    for _ in range(2):
        for ending in (*_PARTICLES, *_SHORT):
            if word.endswith(ending) and len(word) - len(ending) >= 2:
                word = word[: -len(ending)]
                break
        else:
            break
    return word
