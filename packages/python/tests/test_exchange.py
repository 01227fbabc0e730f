import errno
import hashlib
import os
import pathlib
import stat
import tempfile
import unittest

from synapse_steps._errors import WireError
from synapse_steps._exchange import BadFile, Exchange, run_place
from synapse_steps._outgoing import Outgoing


class AnExchangeFolder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.outside = pathlib.Path(scratch.name)
        self.folder = self.outside / "exchange"
        self.folder.mkdir(0o700)
        self.exchange = Exchange(str(self.folder), "session", {"inline_bytes": 10, "max_file_bytes": 100})
        self.reference = self.exchange.write(b"a table", "text/plain")
        self.path = self.folder / self.reference["$file"]

    def refuses(self, words, **changes):
        with self.assertRaisesRegex(BadFile, words):
            self.exchange.take({**self.reference, **changes}, 100)

    def test_gives_back_what_was_written_once(self):
        self.assertEqual(self.reference["bytes"], 7)
        self.assertEqual(self.reference["sha256"], hashlib.sha256(b"a table").hexdigest())
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual(self.exchange.take(self.reference, 7), b"a table")
        self.refuses("No such file")

    def test_refuses_names_that_could_lead_out_of_it(self):
        for name in ("/etc/passwd", "../x", "a/../../x", "a//b", "./a", "", ".hidden", "a\0", "é", "a" * 256, None):
            with self.subTest(name=name):
                self.refuses("no name of a file", **{"$file": name})

    def test_refuses_links_and_what_is_no_file(self):
        target = self.outside / "secret"
        target.write_bytes(b"a table")
        self.path.unlink()
        self.path.symlink_to(target)
        self.refuses("cannot be opened")
        self.path.unlink()
        os.mkfifo(self.path)
        self.refuses("no regular file")  # without waiting for anybody who writes
        self.path.unlink()
        self.path.mkdir()
        self.refuses("no regular file")

    def test_refuses_a_file_in_a_folder_that_is_a_link(self):
        elsewhere = self.outside / "elsewhere"
        self.path.parent.rename(elsewhere)
        self.path.parent.symlink_to(elsewhere)
        self.refuses("leads out of the exchange folder")

    def test_refuses_what_is_not_as_it_was_said(self):
        self.refuses("instead of 8", bytes=8)
        self.refuses("sha256", sha256="0" * 64)
        self.refuses("neither how large", bytes="7")
        self.refuses("more than the 100", bytes=101)

    def test_leaves_nothing_half_written(self):
        in_the_way = self.folder / "other"
        in_the_way.write_text("a file")
        before = sorted(os.listdir(self.folder))
        with self.assertRaises(OSError):
            self.exchange.write(b"x", "text/plain", place="other")
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        with self.assertRaises(OSError):
            self.exchange.adopt(str(self.outside / "none"), "text/plain", "session", "")
        self.assertEqual(os.listdir(self.path.parent), [self.path.name])

    def test_leaves_no_file_of_a_message_of_which_one_cannot_be_written(self):
        outgoing = Outgoing()
        outgoing.exchange = self.exchange
        self.exchange.take(self.reference, 7)
        write = self.exchange.write

        def write_first(content, media):
            if os.listdir(self.path.parent):
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(content, media)

        self.exchange.write = write_first
        with self.assertRaisesRegex(WireError, "/data/b could not be written .*: No space left"):
            outgoing.text_of({"data": {"a": "x" * 100, "b": "y" * 100}})
        self.assertEqual(os.listdir(self.path.parent), [])

    def test_takes_over_a_file_and_not_what_a_link_leads_to(self):
        source = self.outside / "source"
        source.write_bytes(b"moved")
        reference = self.exchange.adopt(str(source), "text/plain", run_place("run-1"), ".txt")
        self.assertRegex(reference["$file"], r"^runs/run-1/[0-9a-f]{32}\.txt$")
        self.assertEqual((reference["bytes"], reference["sha256"]), (5, hashlib.sha256(b"moved").hexdigest()))
        self.assertFalse(source.exists())
        source.symlink_to(self.path)
        with self.assertRaisesRegex(OSError, "no regular file"):
            self.exchange.adopt(str(source), "text/plain", "session", "")

    def test_runs_have_folders_that_lead_nowhere_else(self):
        self.assertEqual(run_place("a run/.."), "runs/" + b"a run/..".hex())
        self.assertEqual(run_place("..x"), "runs/" + b"..x".hex())
