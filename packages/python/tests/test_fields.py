import json
import unittest

from synapse_steps import UnserialisableValueError
from synapse_steps._fields import Fields
from synapse_steps._pointer import apply_operation


class FieldsTestCase(unittest.TestCase):
    """The patch, applied to what the host has, must give what the step left."""

    def setUp(self):
        self.host = {"rows": [[1, 2], [3]], "model": {"path": None}, "n": 1, "name": "x", "a/b~": [0]}
        self.fields = Fields(json.loads(json.dumps(self.host)))

    def patch(self):
        patch, problem = self.fields.changes()
        self.assertIsNone(problem)
        for operation in json.loads(json.dumps(patch)):
            apply_operation(self.host, operation)
        self.assertEqual(self.host, json.loads(json.dumps({name: self.fields.read(name) for name in self.fields})))
        return patch


class Changes(FieldsTestCase):
    def test_reading_changes_nothing(self):
        for name in self.fields:
            self.fields.read(name)
        self.assertEqual(self.patch(), [])

    def test_a_nested_change_is_sent(self):
        self.fields.read("model")["path"] = "m.json"
        self.assertEqual(self.patch(), [{"op": "replace", "path": "/model", "value": {"path": "m.json"}}])

    def test_a_change_through_a_reference_taken_before_is_sent(self):
        inner = self.fields.read("rows")[0]
        self.fields.read("n")
        inner.append(9)
        self.assertEqual(self.patch(), [{"op": "replace", "path": "/rows", "value": [[1, 2, 9], [3]]}])

    def test_a_change_that_was_taken_back_is_not_sent(self):
        self.fields.read("rows").append(1)
        self.fields.read("rows").pop()
        self.fields.write("n", 2)
        self.fields.write("n", 1)
        self.assertEqual(self.patch(), [])

    def test_new_changed_and_removed_fields(self):
        self.fields.write("new", {"a": 1})
        self.fields.write("n", 2.5)
        self.fields.delete("name")
        self.fields.write("gone", 1)
        self.fields.delete("gone")
        operations = {(op["op"], op["path"]) for op in self.patch()}
        self.assertEqual(operations, {("add", "/new"), ("replace", "/n"), ("remove", "/name")})

    def test_a_field_that_was_written_stays_alive(self):
        mine = []
        self.fields.write("new", mine)
        mine.append(1)
        self.assertEqual(self.patch(), [{"op": "add", "path": "/new", "value": [1]}])

    def test_an_equal_value_of_another_type_is_no_change(self):
        self.fields.write("rows", ((1, 2), (3,)))
        self.assertEqual(self.fields.changes(), ([], None))

    def test_names_are_escaped_in_paths(self):
        self.fields.read("a/b~").append(1)
        self.assertEqual(self.patch()[0]["path"], "/a~1b~0")

    def test_an_untouched_field_is_never_looked_at(self):
        class Untouchable(dict):
            def items(self):
                raise AssertionError("looked at")

        fields = Fields({"big": Untouchable(), "n": 1})
        fields.write("n", 2)
        self.assertEqual(fields.changes()[0], [{"op": "replace", "path": "/n", "value": 2}])

    def test_a_field_without_json_form_is_named_and_the_others_are_sent(self):
        self.fields.write("bad", {"x": object()})
        self.fields.write("good", 1)
        patch, problem = self.fields.changes()
        self.assertEqual(patch, [{"op": "add", "path": "/good", "value": 1}])
        self.assertIsInstance(problem, UnserialisableValueError)
        self.assertEqual((problem.pointer, problem.type_name), ("/context/bad/x", "object"))

    def test_a_key_that_is_no_text_is_found(self):
        self.fields.read("model")[1] = 2
        self.assertEqual(self.fields.changes()[1].pointer, "/context/model/1")


class ExplicitOperations(FieldsTestCase):
    def test_an_operation_goes_out_as_it_is(self):
        self.fields.apply(
            [{"op": "add", "path": "/rows/-", "value": (4,)}, {"op": "replace", "path": "/rows/0/1", "value": 7}]
        )
        self.assertEqual(
            self.patch(),
            [{"op": "add", "path": "/rows/-", "value": [4]}, {"op": "replace", "path": "/rows/0/1", "value": 7}],
        )

    def test_operations_and_nested_changes_of_one_field_add_up(self):
        self.fields.apply([{"op": "add", "path": "/rows/0", "value": []}])
        self.fields.read("rows")[0].append("deep")
        self.fields.apply([{"op": "remove", "path": "/rows/2"}])
        self.patch()

    def test_a_field_removed_by_an_operation_after_it_was_touched(self):
        self.fields.read("rows")
        self.fields.apply([{"op": "remove", "path": "/rows"}, {"op": "remove", "path": "/n"}])
        self.patch()

    def test_the_value_sent_is_that_of_the_call(self):
        value = {"a": 1}
        self.fields.apply([{"op": "add", "path": "/x", "value": value}])
        value["a"] = 2
        self.assertEqual(self.patch(), [{"op": "add", "path": "/x", "value": {"a": 1}}])

    def test_bad_operations_are_refused(self):
        cases = [
            {"op": "move", "from": "/n", "path": "/m"},
            {"op": "add", "path": "n", "value": 1},
            {"op": "add", "path": "", "value": 1},
            {"op": "add", "path": "/a~2", "value": 1},
            {"op": "add", "path": "/n"},
            {"op": "replace", "path": "/missing", "value": 1},
            {"op": "remove", "path": "/rows/2"},
            {"op": "remove", "path": "/rows/00"},
            {"op": "add", "path": "/rows/4", "value": 1},
            {"op": "add", "path": "/n/x", "value": 1},
            {"op": "add", "path": "/__proto__/x", "value": 1},
            {"op": "add", "path": "/model/constructor", "value": 1},
            {"op": "add", "path": "/x", "value": object()},
        ]
        for operation in cases:
            with self.subTest(operation=operation), self.assertRaises(ValueError):
                self.fields.apply([operation])
        self.assertEqual(self.patch(), [])

    def test_a_field_cannot_be_named_like_a_prototype(self):
        with self.assertRaises(ValueError):
            self.fields.write("__proto__", 1)
