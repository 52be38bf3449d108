"""Tables of forms for languages whose endings no rule of ours takes off well enough.

A table costs memory and start-up, so it is read when the first word of its language
is: Persian 2 MB, Ukrainian 65 MB, Turkish 126 MB, in each process that meets them. A
query is looked up in every language of the index.
"""

import threading

_lock = threading.Lock()


def dictionary_form(word: str, language: str) -> str:
    """Return the dictionary form of a lower-case word, itself if it is in no table."""
    # Here and not above: the import alone costs .1 s, which most indexes never need.
    from simplemma import lemmatize

    with _lock:  # two threads would each read the table
        found: str = lemmatize(word, language, greedy=language == "tr")
    return found
