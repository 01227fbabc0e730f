import collections
import dataclasses
import datetime
import decimal
import enum
import json
import math
import pathlib
import types
import unittest

from synapse_steps import UnserialisableValueError
from synapse_steps._values import to_json, to_json_object


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Text(str):
    pass


@dataclasses.dataclass
class Point:
    x: int
    where: pathlib.PurePosixPath


class Scalar:
    """Looks like a numpy scalar."""

    shape = ()

    def __init__(self, value):
        self._value = value

    def item(self):
        return self._value


class Loss:
    """A number of a library of its own."""

    def __float__(self):
        return 0.5


class Item:
    """A value in a box."""

    def item(self):
        return 0.5


class Array:
    """Looks like a numpy array."""

    shape = (2,)

    def item(self):
        raise ValueError("can only convert an array of size 1")

    def tolist(self):
        return [1, 2]


class WhatHasAJsonForm(unittest.TestCase):
    def test_each_kind_of_value(self):
        cases = [
            (None, None),
            (True, True),
            ("a\ud800", "a\ud800"),
            (2**53 - 1, 9007199254740991),
            (1.5, 1.5),
            ((1, (2,)), [1, [2]]),
            ({3, 1, 2}, [1, 2, 3]),
            (frozenset({"b", "a"}), ["a", "b"]),
            ({1, "a"}, ["a", 1]),
            (Colour.RED, "red"),
            (Level.HIGH, 3),
            (Text("t"), "t"),
            (pathlib.PurePosixPath("/a/b"), "/a/b"),
            (Point(1, pathlib.PurePosixPath("p")), {"x": 1, "where": "p"}),
            (datetime.date(2020, 1, 2), "2020-01-02"),
            (datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), "2020-01-02T03:04:05+00:00"),
            (decimal.Decimal("1.10"), "1.10"),
            (Scalar(2.5), 2.5),
            (Scalar(7), 7),
            (collections.OrderedDict(a=1), {"a": 1}),
            (types.MappingProxyType({"a": 1}), {"a": 1}),
            ({Colour.RED: 1}, {"red": 1}),
            (2**53, {"$int": "9007199254740992"}),
            (Scalar(-(2**60)), {"$int": "-1152921504606846976"}),
            (10**4299, {"$int": "1" + "0" * 4299}),
            (b"\x00\xff", {"$bytes": "AP8="}),
            (bytearray(b"a"), {"$bytes": "YQ=="}),
            (memoryview(b"abcd")[::2], {"$bytes": "YWM="}),
            ({"$int": "5", "$ref": 1}, {"$$int": "5", "$ref": 1}),
            ({"$$file": {"$bytes": 1}}, {"$$$file": {"$$bytes": 1}}),
        ]
        for value, expected in cases:
            with self.subTest(value=value):
                plain = to_json(value)
                self.assertEqual(plain, expected)
                self.assertIs(type(plain), type(expected))
                json.dumps(plain, allow_nan=False)

    def test_a_datetime_without_zone_gets_the_local_offset(self):
        text = to_json(datetime.datetime(2020, 1, 2, 3, 4, 5))
        self.assertIsNotNone(datetime.datetime.fromisoformat(text).tzinfo)

    def test_the_copy_shares_nothing_with_the_original(self):
        original = {"a": [1]}
        copy = to_json(original)
        original["a"].append(2)
        self.assertEqual(copy, {"a": [1]})


class WhatHasNone(unittest.TestCase):
    def test_an_error_says_where_and_what(self):
        deep = current = {}
        for _ in range(100):
            current["in"] = current = {}
        cycle = []
        cycle.append(cycle)
        cases = [
            ({"a": [1, math.nan]}, "/a/1", "float", "nan is not JSON"),
            ({"a": math.inf}, "/a", "float", "inf is not JSON"),
            ({"n": 10**5000}, "/n", "int", "more than 4300 digits"),
            ({"n": Scalar(-(10**4299) * 10)}, "/n", "int", "more than 4300 digits"),
            ({"a": {1: 2}}, "/a/1", "int", "keys must be texts"),
            ({"a/b": {"c~d": object()}}, "/a~1b/c~0d", "object", "has no JSON form"),
            ({"x": Array()}, "/x", "Array", "tolist"),
            ({"x": Loss()}, "/x", "Loss", "give float() of it"),
            ({"x": Item()}, "/x", "Item", "call .item() on it"),
            ({"g": (n for n in [1])}, "/g", "generator", "has no JSON form"),
            ({"c": 1j}, "/c", "complex", "has no JSON form"),
            ({"__proto__": 1}, "/__proto__", "dict", "__proto__"),
            (deep, None, "dict", "deeper than 64"),
            (cycle, None, "list", "contains itself"),
        ]
        for value, pointer, type_name, words in cases:
            with self.subTest(words=words, pointer=pointer):
                with self.assertRaises(UnserialisableValueError) as caught:
                    to_json(value)
                self.assertEqual(caught.exception.type_name, type_name)
                self.assertIn(words, str(caught.exception))
                if pointer is not None:
                    self.assertEqual(caught.exception.pointer, pointer)

    def test_the_pointer_begins_with_what_was_given(self):
        with self.assertRaises(UnserialisableValueError) as caught:
            to_json({"a": object()}, "data")
        self.assertEqual(caught.exception.pointer, "/data/a")

    def test_only_a_dict_makes_an_object(self):
        self.assertEqual(to_json_object(Point(1, pathlib.PurePosixPath("p")), "data"), {"x": 1, "where": "p"})
        for value in ([1], 2**70, b"a"):
            with self.assertRaisesRegex(UnserialisableValueError, "/data: must be a dict"):
                to_json_object(value, "data")
