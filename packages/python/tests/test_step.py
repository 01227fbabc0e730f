import datetime
import unittest

from synapse_steps import BaseStep, StepCancelled, StepResult


class Results(unittest.TestCase):
    def test_a_result_is_a_success_without_data_unless_told_otherwise(self):
        result = StepResult()
        self.assertEqual((result.success, result.data, result.error), (True, {}, None))
        self.assertEqual((result.rollback_data, result.skipped, result.status), ({}, False, None))

    def test_results_never_share_their_containers(self):
        first, second = StepResult(), StepResult()
        first.data["a"] = 1
        first.rollback_data["b"] = 2
        self.assertEqual((second.data, second.rollback_data), ({}, {}))

    def test_results_are_equal_by_value(self):
        self.assertEqual(StepResult(data={"a": 1}), StepResult(data={"a": 1}))
        self.assertNotEqual(StepResult(data={"a": 1}), StepResult(data={"a": 2}))
        self.assertNotEqual(StepResult(), "StepResult()")

    def test_the_timestamp_is_now_in_utc(self):
        before = datetime.datetime.now(datetime.timezone.utc)
        stamp = StepResult().timestamp
        self.assertEqual(stamp.utcoffset(), datetime.timedelta(0))
        self.assertLess(abs(stamp - before), datetime.timedelta(seconds=5))

    def test_a_given_timestamp_is_kept(self):
        moment = datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)
        self.assertEqual(StepResult(timestamp=moment).timestamp, moment)

    def test_ok_fail_and_skip_are_short_forms(self):
        self.assertEqual(
            StepResult.ok(data={"n": 1}, rollback_data={"p": 2}), StepResult(True, {"n": 1}, None, {"p": 2})
        )
        self.assertEqual(StepResult.fail("no"), StepResult(success=False, error="no"))
        skipped = StepResult.skip("nothing to do")
        self.assertEqual((skipped.success, skipped.skipped, skipped.skip_reason), (True, True, "nothing to do"))

    def test_a_result_shows_its_fields(self):
        self.assertIn("error='no'", repr(StepResult.fail("no")))


class Steps(unittest.TestCase):
    def test_except_exception_does_not_swallow_a_cancel(self):
        self.assertFalse(issubclass(StepCancelled, Exception))

    def test_a_step_can_name_its_context_type(self):
        class Typed(BaseStep[dict]):
            name = "typed"

        self.assertTrue(issubclass(Typed, BaseStep))

    def test_a_step_without_execute_says_so(self):
        with self.assertRaisesRegex(NotImplementedError, "Empty has no execute"):
            type("Empty", (BaseStep,), {})().execute(None)

    def test_by_default_a_step_is_not_skipped_and_undoes_nothing(self):
        self.assertIs(BaseStep().can_skip(None), False)
        self.assertIsNone(BaseStep().rollback(None, StepResult()))
