"""Tables of forms for languages whose endings no rule of ours takes off well enough.

A table costs memory and start-up, so it is read when the first word of its language
is: Persian 2 MB, Ukrainian 65 MB, Turkish 126 MB, in each process that meets them. A
query is looked up in every language of the index.
"""

import threading

_lock = threading.Lock()

#: What Persian writes onto a noun without a joiner: plurals and the indefinite ending.
_PERSIAN_ENDINGS = ("هایی", "های", "ها", "ی")


def dictionary_form(word: str, language: str) -> str:
    """Return the dictionary form of a lower-case word, itself if it is in no table."""
    # Here and not above: the import alone costs .1 s, which most indexes never need.
    from simplemma import lemmatize

    with _lock:  # two threads would each read the table
        found: str = lemmatize(word, language, greedy=language == "tr")
    return found


def persian_lemma(word: str) -> str:
    """Return the dictionary form of a Persian word, its endings joined to it or not."""
    found = dictionary_form(word, "fa")
    if found != word or _is_known(word):
        return found
    for ending in _PERSIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return dictionary_form(word[: -len(ending)], "fa")
    return word


def _is_known(word: str) -> bool:
    from simplemma import is_known

    with _lock:
        return bool(is_known(word, "fa"))
