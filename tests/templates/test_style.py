"""How templates are written: what a reader can follow, and what the policy allows."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from settings import CHECKOUT

LONGEST_LINE = 120
TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.html"))


def each_template() -> pytest.MarkDecorator:
    """Run a test once for each template."""
    return pytest.mark.parametrize(
        "path", TEMPLATES, ids=lambda path: str(path.relative_to(CHECKOUT))
    )


def lines(path: Path) -> list[tuple[int, str]]:
    """Return a template's numbered lines."""
    return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))


@each_template()
def test_lines_are_indented_with_spaces_and_end_where_they_end(path):
    untidy = [n for n, line in lines(path) if "\t" in line or line != line.rstrip()]
    assert not untidy


@each_template()
def test_no_line_is_longer_than_a_reader_can_follow(path):
    long = [number for number, line in lines(path) if len(line) > LONGEST_LINE]
    assert not long, f"lines over {LONGEST_LINE} characters: {long}"


@each_template()
def test_tags_of_the_template_language_stand_free(path):
    # `{{name}}` and `{%if%}` are valid, and two ways to write one thing.
    text = path.read_text(encoding="utf-8")
    tight = re.findall(r"\{\{-?[^\s{-].*?\}\}|\{%[-+]?[^\s%+-].*?%\}", text)
    assert not tight


@each_template()
def test_nothing_is_written_that_the_content_security_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"<[^>]*\s(?:style|on[a-z]+)=", text)
    assert not re.findall(r"<style\b|javascript:", text)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", text)


@each_template()
def test_nothing_is_marked_safe_without_a_word_on_why(path):
    for number, line in lines(path):
        if "| safe" in line or "|safe" in line:
            assert "{#" in line or "{#" in lines(path)[number - 2][1], number


def test_every_template_parses():
    environment = Environment(
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True
    )
    for path in TEMPLATES:
        environment.parse(path.read_text(encoding="utf-8"), filename=str(path))
