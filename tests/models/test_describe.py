"""The page on the data model is current, and every coded value is defined."""

import inspect
from enum import StrEnum

from models import Base, enums
from models.describe import describe_data_model


def test_the_page_is_written_from_the_models(document):
    document("docs/data-model.md", describe_data_model())


def test_every_value_of_every_enum_has_a_definition():
    for _, enum in inspect.getmembers(enums, inspect.isclass):
        if issubclass(enum, StrEnum) and enum is not StrEnum:
            assert set(enums.DEFINITIONS[enum]) == set(enum)
            assert all(enums.define(value) for value in enum)


def test_every_class_says_what_it_is():
    for mapper in Base.registry.mappers:
        assert mapper.class_.__dict__.get("__doc__")
