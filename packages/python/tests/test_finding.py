import types
import unittest

from synapse_steps import BaseStep, StepResult
from synapse_steps._errors import WireError
from synapse_steps._finding import find_steps


def module_of(**members):
    module = types.ModuleType("plugin")
    for name, value in members.items():
        if isinstance(value, type):
            value.__module__ = "plugin"
        setattr(module, name, value)
    return module


def step_class(name="one", **members):
    members = {"name": name, "progress_weight": 1, "execute": lambda self, context: StepResult(), **members}
    return type("Step", (BaseStep,), {key: value for key, value in members.items() if value is not None})


class Finding(unittest.TestCase):
    def names(self, **members):
        return list(find_steps(module_of(**members)).steps)

    def test_each_step_class_of_the_module_in_its_order(self):
        self.assertEqual(self.names(B=step_class("b"), A=step_class("a")), ["b", "a"])

    def test_a_list_of_instances_comes_first(self):
        listed, other = step_class("listed"), step_class("other")
        self.assertEqual(self.names(Other=other, steps=[listed()]), ["listed"])

    def test_imported_private_abstract_and_argument_taking_classes_are_left_out(self):
        imported = step_class("imported")
        module = module_of(One=step_class("one"), _Private=step_class("private"))
        module.Imported = imported
        module.Again = module.One
        taking = step_class("taking")
        taking.__init__ = lambda self, path: None
        taking.__module__ = "plugin"
        module.Taking = taking
        named = step_class("named")
        named.__init__ = lambda self, *, path: None
        named.__module__ = "plugin"
        module.Named = named
        optional = step_class("optional")
        optional.__init__ = lambda self, path=None, *, other=1: None
        optional.__module__ = "plugin"
        module.Optional = optional
        module.Bare = type("Bare", (BaseStep,), {"__module__": "plugin"})
        self.assertEqual(list(find_steps(module).steps), ["one", "optional"])

    def test_a_common_part_without_a_name_is_no_step(self):
        base = step_class(None)
        self.assertEqual(self.names(Base=base, One=type("One", (base,), {"name": "one"})), ["one"])

    def test_a_name_may_be_set_by_the_constructor_or_be_a_property(self):
        made = step_class(None)
        made.__init__ = lambda self: setattr(self, "name", "made")
        self.assertEqual(self.names(Made=made, Prop=step_class(property(lambda self: "prop"))), ["made", "prop"])

    def test_a_class_with_the_members_of_a_step_is_one(self):
        duck = type("Duck", (), {"name": "duck", "progress_weight": 1, "execute": lambda self, context: StepResult()})
        entry = find_steps(module_of(Duck=duck, Other=type("Other", (), {}))).described[0]
        self.assertEqual((entry["name"], entry["can_skip"], entry["rollback"]), ("duck", False, False))

    def test_nonsense_is_an_error_that_says_what_and_where(self):
        cases = [
            ({}, "has no steps"),
            ({"steps": []}, "has no steps"),
            ({"steps": [step_class("one")]}, r"steps\[0\] is a class"),
            ({"Nameless": step_class(None)}, "has no name"),
            ({"Slash": step_class("a/b")}, "must not contain /"),
            ({"A": step_class("same"), "B": step_class("same")}, "two steps are named 'same'"),
            ({"Heavy": step_class(progress_weight=-1)}, "progress_weight must be"),
            ({"Heavy": step_class(progress_weight=float("nan"))}, "progress_weight"),
            ({"Heavy": step_class(progress_weight=None)}, "progress_weight must be"),
            ({"Odd": step_class(on_interrupt="undo")}, "on_interrupt must be one of"),
            ({"Odd": step_class(timeout_ms="2m")}, "timeout_ms must be"),
            ({"Odd": step_class(step_params={"default": object()})}, "/step_params/default"),
        ]
        for members, words in cases:
            with self.subTest(words), self.assertRaisesRegex(WireError, words) as caught:
                find_steps(module_of(**members))
            self.assertEqual(caught.exception.kind, "precondition_failed")

    def test_a_misspelled_execute_is_named_with_its_class_also_beside_other_steps(self):
        slip = step_class("slip", execute=None, excute=lambda self, context: StepResult())
        words = r"Step has no execute\(\): did you mean that by excute\?"
        for members in ({"Slip": slip}, {"Slip": slip, "One": step_class("one")}, {"steps": [slip()]}):
            with self.subTest(members), self.assertRaisesRegex(WireError, words) as caught:
                find_steps(module_of(**members))
            self.assertEqual(caught.exception.kind, "precondition_failed")

    def test_a_common_part_for_other_files_may_stand_beside_steps(self):
        common = step_class(None, execute=None, execute_one=lambda self, context: StepResult())
        self.assertEqual(self.names(Common=common, One=step_class("one")), ["one"])

    def test_a_class_without_execute_is_named_if_nothing_else_is_found(self):
        for members in ({"Bare": step_class("bare", execute=None)}, {"steps": [step_class("bare", execute=None)()]}):
            with self.subTest(members), self.assertRaisesRegex(WireError, r"Step has no execute\(\)$"):
                find_steps(module_of(**members))

    def test_a_step_may_get_its_execute_when_it_is_made(self):
        made = step_class("made", execute=None)
        made.__init__ = lambda self: setattr(self, "execute", lambda context: StepResult())
        self.assertEqual(self.names(steps=[made()]), ["made"])

    def test_a_misspelled_member_that_every_step_needs_is_named(self):
        weight = step_class(progress_weight=None, progress_weigth=0.5)
        with self.assertRaisesRegex(WireError, "progress_weight must be .*: did you mean that by progress_weigth\\?"):
            find_steps(module_of(Weight=weight))
        with self.assertRaisesRegex(WireError, 'has no name: write name = "…" in its class: did you mean that by nane'):
            find_steps(module_of(Nameless=step_class(None, nane="one")))

    def test_a_constructor_that_raises_is_named(self):
        broken = step_class()

        def fail(self):
            raise OSError("no licence")

        broken.__init__ = fail
        with self.assertRaisesRegex(WireError, r"Step\(\) failed: OSError: no licence"):
            find_steps(module_of(Broken=broken))


if __name__ == "__main__":
    unittest.main()
