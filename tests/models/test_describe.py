"""The page on the data model is current, and every coded value is defined."""

import inspect

from models import Base, enums
from models.describe import describe_data_model


def test_the_page_is_written_from_the_models(document):
    document("docs/data-model.md", describe_data_model())


def test_every_enum_is_described_and_every_value_has_meaning_label_and_value():
    coded = {
        enum
        for _, enum in inspect.getmembers(enums, inspect.isclass)
        if issubclass(enum, enums.Coded) and len(enum)
    }
    assert set(enums.ENUMS) == coded
    for value in (value for enum in coded for value in enum):
        assert value.meaning and value.label and "_" not in value.label
        assert f"{value}" == value.value == str(value)
        assert type(value)(value.value) is value


def test_what_was_held_stays_held_when_it_ends_and_nothing_else_is_implied():
    for status in enums.MeetingStatus:
        ended = status.phase is enums.Phase.ENDED
        assert status.implied is (enums.MeetingStatus.HELD if ended else status)


def test_every_class_says_what_it_is():
    for mapper in Base.registry.mappers:
        assert mapper.class_.__dict__.get("__doc__")
