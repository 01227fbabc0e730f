import unittest

from .wire_client import PluginTestCase, step_call

SOURCE = """
    from synapse_steps import BaseStep, StepResult

    class Hold(BaseStep):
        name = "hold"
        progress_weight = 1
        rows = None
        def execute(self, context):
            if self.rows is None:
                Hold.rows = context.rows
                context.rows.append(1)
            else:
                self.rows.append(2)
            return StepResult()

    class Look(BaseStep):
        name = "look"
        progress_weight = 1
        def execute(self, context):
            Hold.rows.append(3)
            return StepResult(data={"rows": list(context.rows), "same": context.rows is Hold.rows})
"""


class References(PluginTestCase):
    def patch(self, client, step, rows, run_id="run-1"):
        return client.call("execute", step_call(step, {"rows": rows}, run_id=run_id))["patch"]

    def test_a_change_through_a_reference_of_an_earlier_step_is_sent(self):
        client = self.start_ready(SOURCE)
        self.assertEqual(self.patch(client, "hold", [0])[0]["value"], [0, 1])
        self.assertEqual(self.patch(client, "hold", [0, 1])[0]["value"], [0, 1, 2])
        result = client.call("execute", step_call("look", {"rows": [0, 1, 2]}))
        self.assertEqual(result["data"], {"rows": [0, 1, 2, 3], "same": True})
        self.assertEqual(result["patch"][0]["value"], [0, 1, 2, 3])

    def test_a_field_that_somebody_else_changed_is_a_new_one(self):
        client = self.start_ready(SOURCE)
        self.patch(client, "hold", [0])
        result = client.call("execute", step_call("look", {"rows": ["other"]}))
        self.assertEqual((result["data"], result["patch"]), ({"rows": ["other"], "same": False}, []))

    def test_a_number_that_only_looks_different_is_no_change_of_somebody_else(self):
        client = self.start_ready(SOURCE)
        self.assertEqual(self.patch(client, "hold", [0.0, {"b": 1, "a": 2.0}])[0]["value"][-1], 1)
        result = client.call("execute", step_call("look", {"rows": [0, {"a": 2, "b": 1}, 1]}))  # as JavaScript writes it
        self.assertEqual(result["data"]["same"], True)
        self.assertEqual(result["patch"][0]["value"], [0, {"b": 1, "a": 2}, 1, 3])

    def test_true_is_not_the_number_one(self):
        client = self.start_ready(SOURCE)
        self.patch(client, "hold", [1])
        result = client.call("execute", step_call("look", {"rows": [True, 1]}))
        self.assertEqual(result["data"]["same"], False)

    def test_a_call_is_freed_with_its_answer(self):
        client = self.start_ready("""
            import gc
            from synapse_steps import BaseStep, StepContext, StepResult

            class Count(BaseStep):
                name = "count"
                progress_weight = 1
                def execute(self, context):
                    gc.disable()
                    return StepResult(data={"n": sum(type(one) is StepContext for one in gc.get_objects())})
        """)
        counts = [client.call("execute", step_call("count"))["data"]["n"] for _ in range(5)]
        self.assertLessEqual(max(counts), 2)

    def test_another_run_shares_nothing(self):
        client = self.start_ready(SOURCE)
        self.patch(client, "hold", [0])
        result = client.call("execute", step_call("look", {"rows": [0, 1]}, run_id="run-2"))
        self.assertEqual((result["data"]["same"], result["patch"]), (False, []))


if __name__ == "__main__":
    unittest.main()
