import copy
import datetime
import json
import random
import unittest

from synapse_steps._errors import WireError
from synapse_steps._memory import Memory
from synapse_steps._pointer import apply_operation

from .wire_client import PluginTestCase, step_call

NAMES = ("a", "b", "c")


class Host:
    """What a host does: it sends what has changed since the state that the process is known to hold, or the whole."""

    def __init__(self, chance):
        self.chance = chance
        self.state = {}
        self.rev = 0
        self.base = None
        self.deltas = 0

    def change(self):
        """A step of another process changes something."""
        operation = random_operation(self.chance, self.state)
        apply_operation(self.state, copy.deepcopy(operation))
        if self.base is not None:
            self.base["patch"].append(operation)

    def fields(self, memory, run_id="run"):
        base, self.base = self.base, None
        self.rev += 1
        if base is not None:
            self.deltas += 1
            try:
                return memory.fields_of(run_id, sent({"base": base["rev"], "rev": self.rev, "patch": base["patch"]}))
            except WireError as error:
                if error.kind != "context_base_missing":
                    raise
        return memory.fields_of(run_id, sent({"rev": self.rev, "full": self.state}))

    def take(self, patch):
        for operation in sent(patch):
            apply_operation(self.state, operation)

    def keep_base(self):
        self.base = {"rev": self.rev, "patch": []}


def sent(value):
    return json.loads(json.dumps(value))


def random_value(chance, depth=2):
    kinds = [lambda: chance.randint(0, 3), lambda: chance.choice(("x", "y", True, None, 1.5))]
    if depth > 0:
        kinds.append(lambda: [random_value(chance, depth - 1) for _ in range(chance.randint(0, 2))])
        kinds.append(lambda: {name: random_value(chance, depth - 1) for name in chance.sample(NAMES, 2)})
    return chance.choice(kinds)()


def random_operation(chance, state):
    """An operation that can be applied."""
    while True:
        path = "".join(f"/{chance.choice((*NAMES, '0', '-'))}" for _ in range(chance.randint(1, 3)))
        kind = chance.choice(("add", "replace", "remove"))
        operation = {"op": kind, "path": path, **({} if kind == "remove" else {"value": random_value(chance)})}
        try:
            apply_operation(copy.deepcopy(state), copy.deepcopy(operation))
            return operation
        except ValueError:
            pass


class Step:
    """Changes the fields of its call by everything that a step can do, also through references of earlier steps."""

    def __init__(self, chance):
        self.chance = chance
        self.references = []

    def act(self, fields):
        chance = self.chance
        name = chance.choice(NAMES)
        act = chance.randint(0, 5)
        if act == 0:
            fields.write(name, random_value(chance))
        elif act == 1 and name in fields:
            fields.delete(name)
        elif act == 2 and name in fields:
            self.hold(fields.read(name))
        elif act == 3:
            fields.apply([random_operation(chance, {name: copy.deepcopy(fields._values[name]) for name in fields})])
        elif act == 4:
            mine = [random_value(chance)]
            fields.write(name, mine)
            self.hold(mine)
        else:
            self.mutate()

    def hold(self, value):
        while isinstance(value, (dict, list)) and value:
            self.references.append(value)
            value = next(iter(value.values())) if isinstance(value, dict) else value[0]

    def mutate(self):
        if self.references:
            target = self.chance.choice(self.references)
            if isinstance(target, dict):
                target["b"] = random_value(self.chance)
            elif len(target) < 6:
                target.append(random_value(self.chance, 1))


class AnyProgram(unittest.TestCase):
    """Whatever happens: a step sees what the host has, and the host gets what it changed."""

    def run_program(self, seed, between):
        chance = random.Random(seed)
        host, step, memory = Host(chance), Step(chance), Memory()
        for _ in range(25):
            event = chance.randint(0, 9)
            if event < 3:
                host.change()
            elif event == 3 and between:
                step.mutate()
            elif event == 4:
                memory = Memory()  # another process
            else:
                self.call(host, step, memory)
        self.check_agreement(host, memory)
        return host.deltas

    def call(self, host, step, memory):
        fields = host.fields(memory)
        for _ in range(host.chance.randint(0, 5)):
            step.act(fields)
        ending = host.chance.choice(("ok", "ok", "ok", "lost", "asked"))
        if ending == "asked":  # as can_skip, which tells nothing
            memory.keep("run", host.rev, fields)
            return host.keep_base()
        patch, problem = fields.changes()
        self.assertIsNone(problem)
        patch = sent(patch)
        memory.keep("run", host.rev, fields)
        if ending == "ok":
            host.take(patch)
            host.keep_base()

    def check_agreement(self, host, memory):
        fields = host.fields(memory)
        patch, _problem = fields.changes()
        left = sent({name: fields.read(name) for name in fields})
        host.take(patch)
        self.assertEqual(left, host.state)

    def test_host_and_process_agree(self):
        deltas = 0
        for seed in range(400):
            with self.subTest(seed=seed):
                deltas += self.run_program(seed, between=seed % 2 == 0)
        self.assertGreater(deltas, 1000)

    def test_a_step_sees_what_the_host_has(self):
        for seed in range(200):
            with self.subTest(seed=seed):
                chance = random.Random(seed)
                host, step, memory = Host(chance), Step(chance), Memory()
                for _ in range(20):
                    host.change()
                    fields = host.fields(memory)
                    self.assertEqual(sent({name: fields._values[name] for name in fields}), host.state)
                    step.act(fields)
                    host.take(fields.changes()[0])
                    memory.keep("run", host.rev, fields)
                    host.keep_base()


class Values(unittest.TestCase):
    """What is no JSON by itself is the next step's as the host has it, whether the whole was sent or not."""

    def test_a_date_is_a_text_for_the_next_step(self):
        memory = Memory()
        fields = memory.fields_of("run", {"rev": 1, "full": {"n": 1}})
        fields.write("day", [datetime.date(2026, 1, 2)])
        self.assertEqual(fields.changes()[0], [{"op": "add", "path": "/day", "value": ["2026-01-02"]}])
        memory.keep("run", 1, fields)
        later = memory.fields_of("run", {"base": 1, "rev": 2, "patch": []})
        self.assertEqual(later.read("day"), ["2026-01-02"])
        self.assertEqual(later.changes(), ([], None))

    def test_what_cannot_be_told_is_not_built_upon(self):
        memory = Memory()
        fields = memory.fields_of("run", {"rev": 1, "full": {}})
        fields.write("thing", object())
        self.assertIsNotNone(fields.changes()[1])
        memory.keep("run", 1, fields)
        with self.assertRaises(WireError) as caught:
            memory.fields_of("run", {"base": 1, "rev": 2, "patch": []})
        self.assertEqual(caught.exception.kind, "context_base_missing")

    def test_a_call_that_has_ended_changes_nothing_any_more(self):
        memory = Memory()
        ended = memory.fields_of("run", {"rev": 1, "full": {"n": 1}})
        ended.changes()
        memory.keep("run", 1, ended)
        ended.write("n", 2)
        later = memory.fields_of("run", {"base": 1, "rev": 2, "patch": []})
        self.assertEqual((later.read("n"), later.changes()[0]), (1, []))

    def test_a_delta_that_does_not_fit_is_refused_and_forgotten(self):
        memory = Memory()
        fields = memory.fields_of("run", {"rev": 1, "full": {"n": [1]}})
        fields.read("n")
        fields.changes()
        memory.keep("run", 1, fields)
        patch = [{"op": "add", "path": "/n/-", "value": 2}, {"op": "remove", "path": "/missing"}]
        with self.assertRaises(WireError):
            memory.fields_of("run", {"base": 1, "rev": 2, "patch": patch})
        whole = memory.fields_of("run", {"rev": 3, "full": {"n": [1]}})
        self.assertEqual(whole.changes(), ([], None))

    def test_a_change_between_calls_is_told_though_the_host_changed_the_same_field(self):
        memory = Memory()
        fields = memory.fields_of("run", {"rev": 1, "full": {"n": [1], "m": [1]}})
        held = [fields.read("n"), fields.read("m")]
        fields.changes()
        memory.keep("run", 1, fields)
        held[0].append(2)
        patch = [{"op": "add", "path": f"/{name}/0", "value": 0} for name in ("n", "m")]
        later = memory.fields_of("run", {"base": 1, "rev": 2, "patch": patch})
        self.assertIs(later.read("n"), held[0])
        self.assertEqual(later.changes(), ([{"op": "replace", "path": "/n", "value": [0, 1, 2]}], None))

    def test_paths_hold_keys_as_they_are_written(self):
        memory = Memory()
        fields = memory.fields_of("run", {"rev": 1, "full": {"$int": {}}})
        memory.keep("run", 1, fields)
        patch = [{"op": "add", "path": "/$$int/$$file", "value": 1}]
        later = memory.fields_of("run", {"base": 1, "rev": 2, "patch": patch})
        self.assertEqual(later.read("$int"), {"$file": 1})


SOURCE = """
    from synapse_steps import BaseStep, StepResult

    class Add(BaseStep):
        name = "add"
        progress_weight = 1
        def execute(self, context):
            context.patch([{"op": "add", "path": "/rows/-", "value": len(context.rows)}])
            return StepResult(data={"rows": len(context.rows)})
        def can_skip(self, context):
            return False
"""


class OnTheWire(PluginTestCase):
    def delta(self, base, patch=(), **more):
        context = {"base": base, "rev": base + 1, "patch": list(patch)}
        return {**step_call("add"), "context": context, **more}

    def test_a_delta_builds_on_what_the_call_before_left(self):
        client = self.start_ready(SOURCE)
        self.assertEqual(client.call("execute", step_call("add", {"rows": []}))["data"], {"rows": 1})
        patch = [{"op": "add", "path": "/rows/0", "value": "new"}]
        self.assertEqual(client.call("can_skip", self.delta(1, patch))["skip"], False)
        self.assertEqual(client.call("execute", self.delta(2))["data"], {"rows": 3})

    def test_without_its_base_nothing_runs(self):
        client = self.start_ready(SOURCE)
        for params in (self.delta(1), self.delta(7)):
            error = client.answer(client.request("execute", params))["error"]
            self.assertEqual((error["code"], error["data"]["kind"]), (1009, "context_base_missing"))
        client.call("execute", step_call("add", {"rows": []}))
        other = client.answer(client.request("execute", self.delta(1, run_id="run-2")))["error"]
        self.assertEqual(other["code"], 1009)


if __name__ == "__main__":
    unittest.main()
