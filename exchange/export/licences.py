"""Which licences are known to let a text be passed on.

Not a lawyer's table: it answers one question, whether the export may put the words of
a source into a folder that somebody may publish. What it does not know is withheld, and
the person who exports may decide otherwise.
"""

import re

# By SPDX identifiers and by the names that publishers use. Licences that forbid
# commercial use or changed copies (NC, ND) are left to the person who exports.
_OPEN = re.compile(
    r"""
    cc0 ([\s-]1\.0)? ( \s universal )?
    | cc[\s-]by ([\s-]sa)? ([\s-]\d(\.\d)?)? ([\s-][a-z]{2,4})?
    | creative\ commons \ attribution ([\s-]share[\s-]?alike)?
      (\s\d(\.\d)?)? (\s international)?
    | public[\s-]domain | pdm([\s-]1\.0)? | pddl([\s-]1\.0)? | us-pd
    | odc-by ([\s-]1\.0)? | odbl ([\s-]1\.0)?
    | ogl-uk-\d\.\d | open\ government\ licen[cs]e (\s v?\d(\.\d)?)?
    | apache-2\.0 | mit | bsd-[23]-clause | unlicense
    """,
    re.VERBOSE | re.IGNORECASE,
)
_URL = re.compile(
    r"https?://(www\.)?creativecommons\.org/"
    r"(licenses/(by|by-sa)/|publicdomain/(zero|mark)/).*",
    re.IGNORECASE,
)


def lets_pass_on(licence: str | None) -> bool:
    """Tell whether a licence, as the record names it, is known to let a text be shared.

    >>> lets_pass_on("CC-BY-4.0"), lets_pass_on("CC BY-NC 4.0"), lets_pass_on(None)
    (True, False, False)
    """
    if licence is None:
        return False
    name = " ".join(licence.split())
    return bool(_OPEN.fullmatch(name) or _URL.fullmatch(name))
