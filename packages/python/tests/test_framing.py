import base64
import json
import os
import pathlib
import unittest

from synapse_steps._envelope import shape_of
from synapse_steps._errors import WireError
from synapse_steps._framing import FrameTooLarge, LineReader, decode_frame, decode_json, encode_frame, guess_request_id
from synapse_steps._tags import may_hold_tags, untag

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "test-fixtures" / "protocol"


def golden(folder):
    for path in sorted((GOLDEN / folder).glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            raw = base64.b64decode(entry["rawBase64"]) if "rawBase64" in entry else entry["raw"].encode()
            yield f"{path.name}: {entry['title']}", raw, entry


def lines_of(data, chunk_size=1 << 16, limit=None):
    """What a reader makes of these bytes when they arrive in chunks of this size."""
    source, sink = os.pipe()
    try:
        reader = LineReader(source)
        if limit is not None:
            reader.max_frame_bytes = limit
        chunks = [data[at : at + chunk_size] for at in range(0, len(data), chunk_size)]
        real_read, os.read = os.read, lambda _fd, _size: chunks.pop(0) if chunks else b""
        try:
            lines = []
            while True:
                try:
                    line = reader.read_line()
                except FrameTooLarge as error:
                    line = error
                if line is None:
                    return lines
                lines.append(line)
        finally:
            os.read = real_read
    finally:
        os.close(source)
        os.close(sink)


@unittest.skipUnless(GOLDEN.is_dir(), "the golden frames are part of the repository, not of the sdist")
class GoldenFrames(unittest.TestCase):
    def test_there_are_some(self):
        self.assertGreater(len(list(golden("frames"))), 50)

    def test_every_frame_is_accepted_with_its_value_or_refused(self):
        for title, raw, entry in golden("frames"):
            with self.subTest(title):
                if entry["valid"]:
                    frame = decode_frame(raw)
                    self.assertEqual(shape_of(frame), entry["kind"])
                    self.assertEqual(frame, entry["value"])
                else:
                    with self.assertRaises(WireError):
                        shape_of(decode_frame(raw))

    def test_every_valid_frame_survives_the_writer(self):
        for title, raw, entry in golden("frames"):
            if entry["valid"]:
                with self.subTest(title):
                    written = encode_frame(decode_frame(raw))
                    written.decode("ascii")
                    self.assertEqual(written.count(b"\n"), 1)
                    self.assertEqual(decode_frame(written[:-1]), entry["value"])

    def test_lines_are_the_same_however_the_bytes_arrive(self):
        for title, raw, entry in golden("streams"):
            for chunk_size in (1, 2, 3, 7, 1 << 16):
                with self.subTest(title, chunk_size=chunk_size):
                    self.assertEqual([line.decode("utf-8") for line in lines_of(raw, chunk_size)], entry["lines"])


class Lines(unittest.TestCase):
    def test_the_limit_is_exact(self):
        exact, more = b"x" * 1000, b"y" * 1001
        for chunk_size in (1, 999, 1000, 1001, 1002, 1 << 16):
            with self.subTest(chunk_size=chunk_size):
                got = lines_of(exact + b"\n" + exact + b"\r\n" + more + b"\nnext\n", chunk_size, limit=1000)
                self.assertEqual(got[:2], [exact, exact])
                self.assertIsInstance(got[2], FrameTooLarge)
                self.assertEqual(got[2].beginning, more[:256])
                self.assertEqual(got[3:], [b"next"])

    def test_a_line_far_beyond_the_limit_is_not_kept(self):
        import tracemalloc

        chunk = b"z" * 65536
        reader = LineReader(0)
        reader.max_frame_bytes = 100_000
        left = [500]

        def read(_fd, _size):
            left[0] -= 1
            return chunk if left[0] > 0 else b"\nok\n" if left[0] == 0 else b""

        real_read, os.read = os.read, read
        tracemalloc.start()
        try:
            with self.assertRaises(FrameTooLarge):
                reader.read_line()
            self.assertEqual(reader.read_line(), b"ok")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            os.read = real_read
        self.assertLess(peak, 1_000_000)


class Depth(unittest.TestCase):
    def test_64_levels_travel_and_65_do_not(self):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            for beside in (
                "",
                ',"b":"]]]}}}\\"[[[[{{"',
                "," + ",".join('"k%d":[[1],{"x":{}}]' % n for n in range(100)),
            ):
                value = '{"v":' + opening * 63 + "1" + closing * 63 + beside + "}"
                self.assertIn("v", decode_frame(value.encode()))
                with self.assertRaisesRegex(WireError, "deeper than 64"):
                    decode_frame(('{"v":' + opening * 64 + "1" + closing * 64 + beside + "}").encode())

    def test_the_writer_has_the_same_limit(self):
        value = []
        for _ in range(62):
            value = [value]
        encode_frame({"v": value})
        with self.assertRaisesRegex(WireError, "deeper than 64"):
            encode_frame({"v": [value]})

    def test_brackets_inside_texts_do_not_count(self):
        for text in ("[" * 70, "]" * 70, '"[' * 70, "\\[" * 70, '[\\"' * 70, '\\', '""'):
            for levels, fits in ((63, True), (64, False)):
                value = {"texts": [text, "", text]}
                for _level in range(levels - 1):
                    value = {"": "", text: text, "in": value} if _level % 2 else ["", text, value]
                with self.subTest(text=text[:4], levels=levels):
                    line = json.dumps(value).encode()
                    if fits:
                        self.assertEqual(decode_json(line), value)
                    else:
                        self.assertRaises(WireError, decode_json, line)

    def test_unbalanced_brackets_are_refused_whatever_their_number(self):
        for line in (b"[" * 100_000, b"]" * 100_000, b"[]" * 100_000, b"][" * 50_000, b'{"a":[' * 1000):
            with self.subTest(line[:10]), self.assertRaises(WireError):
                decode_frame(line)


class Numbers(unittest.TestCase):
    def test_long_digits_inside_texts_and_fractions_are_fine(self):
        frame = {"t": "12345678901234567890 1e999", "f": 0.12345678901234568, "e": 1e300}
        self.assertEqual(decode_frame(json.dumps(frame).encode()), frame)

    def test_numbers_that_would_not_arrive_as_sent_are_refused(self):
        for number in ("9007199254740992", "-9007199254740992", "1e309", "-1E+400", "9" * 5000, "1" + "0" * 400 + ".5", "0.12345678901234567,9007199254740993"):
            with self.subTest(number[:20]), self.assertRaises(WireError):
                decode_frame(b'{"n":[%s]}' % number.encode())


class Ids(unittest.TestCase):
    def test_the_id_of_an_unreadable_request_is_seen_at_its_beginning(self):
        self.assertEqual(guess_request_id(b'{"jsonrpc":"2.0","id":17,"method":"execute","params":{"a":NaN}}'), 17)
        self.assertEqual(guess_request_id(b'{"jsonrpc": "2.0", "id": 18}'), 18)
        for line in (b"", b"noise", b'{"jsonrpc":"2.0","method":"x"}', b'{"jsonrpc":"2.0","id":"7","method":"x"}'):
            self.assertIsNone(guess_request_id(line))


class LongTexts(unittest.TestCase):
    """What has to be refused is refused however long the texts around it are, and what looks like it inside of them is not."""

    PROBLEMS = (
        "[" * 63 + "]" * 63,
        "12345678901234567890",
        "1e999",
        '{"__proto__":1}',
        '{"\\u005f_proto__":1}',
        "NaN",
        "[1 2]",
    )
    TEXTS = (
        "a" * 40_000,
        "[{" * 20_000,
        "9" * 40_000,
        '\\"' * 20_000,
        "\\\\" * 20_000,
        "x" * 40_000 + "\\\\\\" + '"' + "y" * 40_000,
        "__proto__" * 5_000,
        "\u00e9" * 20_000,
        '\\",\\"' * 10_000,
    )

    def line(self, before, value, after):
        text = f'{{"jsonrpc":"2.0","id":1,"result":{{"before":"{before}","value":{value},"after":"{after}"}}}}'
        return text.encode()

    def test_problems_are_found_beside_long_texts(self):
        for text in self.TEXTS:
            for problem in self.PROBLEMS:
                for before, after in ((text, ""), ("", text), (text, text)):
                    with self.subTest(text=text[:8], problem=problem[:8]):
                        with self.assertRaises(WireError):
                            decode_frame(self.line(before, problem, after))

    def test_long_texts_hold_what_they_like(self):
        for text in self.TEXTS:
            for other in self.TEXTS:
                line = self.line(text, "[" * 62 + "]" * 62, other)
                self.assertEqual(decode_frame(line), json.loads(line))

    def test_a_tag_with_a_long_key_or_text_is_seen(self):
        line = self.line("a" * 40_000, '{"' + "$" * 200 + 'int":1}', "$bytes")
        self.assertTrue(may_hold_tags(line))
        self.assertEqual(decode_json(line, untag)["result"]["value"], {"$" * 199 + "int": 1})

    def test_a_key_in_disguise_is_seen_however_it_is_written(self):
        for at in range(9):
            key = "".join(f"\\u{ord(one):04x}" if place >= at else one for place, one in enumerate("__proto__"))
            with self.subTest(key):
                with self.assertRaises(WireError):
                    decode_frame(self.line("b" * 40_000, f'{{"{key}":1}}', "c" * 40_000))
