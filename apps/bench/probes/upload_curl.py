"""The floor: curl sends the same files to the same backend, with the requests of an upload and nothing around them.

What is asked and what is confirmed is prepared beforehand (checksums, parts of large files); only curl is timed.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from curl_parallel import Curl, version

JSON = ["--header", "Content-Type: application/json"]


def post(curl, url, value):
    body = curl.work / "body.json"
    body.write_text(json.dumps(value))
    return json.loads(curl.run(*JSON, "--data-binary", "@%s" % body, url))


def digests(path):
    sums = hashlib.sha1(), hashlib.md5()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            for digest in sums:
                digest.update(block)
    return [digest.hexdigest() for digest in sums]


def upload_presigned(curl, url, files, parts):
    asked = [{"filename": path.name, "size": path.stat().st_size, "content_type": "image/jpeg"} for path in files]
    presigned = post(curl, url + "data_files/presigned_upload/upload/", {"files": asked})["files"]
    transfers = [pair for path, target in zip(files, presigned) for pair in pieces(path, target, parts)]
    config = ['write-out = "%{url} %{http_code} %header{etag}\\n"']
    for address, path in transfers:
        config += ['url = "%s"' % address, 'upload-file = "%s"' % path]
    answers = [line.split(" ") for line in curl.many(config).splitlines()]
    etags = {address: etag.strip('"') for address, _, etag in answers}
    if any(status != "200" for _, status, _ in answers) or len(etags) != len(transfers):
        raise RuntimeError("not everything was stored")
    confirmed = []
    for path, target in zip(files, presigned):
        entry = {"file_key": target["file_key"], "checksum": SUMS[path][0], "size": path.stat().st_size}
        if target.get("multipart"):
            sent = [
                {"part_number": part["part_number"], "etag": etags[part["presigned_url"]]}
                for part in target["multipart"]["parts"]
            ]
            entry["multipart"] = {"upload_id": target["multipart"]["upload_id"], "parts": sent}
        confirmed.append(entry)
    answer = post(curl, url + "data_files/presigned_upload/confirm_upload/", {"files": confirmed})
    if answer["created_count"] != len(files):
        raise RuntimeError("not everything was confirmed")
    return [SUMS[path][0] for path in files]


def pieces(path, target, parts):
    if not target.get("multipart"):
        return [(target["presigned_url"], path)]
    names = split(path, target["multipart"]["part_size"], parts)
    return [(part["presigned_url"], names[part["part_number"] - 1]) for part in target["multipart"]["parts"]]


def split(path, size, parts):
    """curl sends whole files, so the parts become some, once."""
    if path not in SPLIT:
        SPLIT[path] = []
        with open(path, "rb") as file:
            for number in range(-(-path.stat().st_size // size)):
                part = parts / ("%s-%d" % (path.name, number))
                with open(part, "wb") as out:
                    shutil.copyfileobj(Range(file, size), out, 1 << 20)
                SPLIT[path].append(part)
    return SPLIT[path]


class Range:
    def __init__(self, file, size):
        self.file = file
        self.left = size

    def read(self, size):
        block = self.file.read(min(size, self.left))
        self.left -= len(block)
        return block


def upload_through_backend(curl, url, files):
    statuses = [status for some in batches(files) for status in post_forms(curl, url, some)]
    if statuses.count("201") != len(files):
        raise RuntimeError("not everything was stored: %s" % set(statuses))
    return [SUMS[path][1] for path in files]


def batches(files):
    """A curl holds the file of each form open until it ends, and may have 1,024 open, as a rule."""
    return [files[start : start + 900] for start in range(0, len(files), 900)]


def post_forms(curl, url, files):
    config = []
    for path in files:
        config += ["next"] if config else []
        config += ["silent", "fail", 'header = "Expect:"', 'output = "/dev/null"', 'write-out = "%{http_code}\\n"']
        config += ['url = "%sdata_files/"' % url, 'form = "file=@%s;type=image/jpeg"' % path]
    return curl.many(config).split()


def measure(port, way, files, work):
    url = "http://127.0.0.1:%d/" % port
    curl = Curl(work)
    if way == "presigned":
        sums = upload_presigned(curl, url, files, work)
    else:
        sums = upload_through_backend(curl, url, files)
    units = [
        {"data_collection": 1, "files": {"image": {"checksum": checksum, "path": str(path)}}, "meta": {"key": path.stem}}
        for path, checksum in zip(files, sums)
    ]
    if len(post(curl, url + "data_units/", units)) != len(files):
        raise RuntimeError("not every data unit was made")
    return curl.taken()


SUMS = {}
SPLIT = {}


def main(folder, way):
    files = sorted(Path(folder).iterdir())
    SUMS.update({path: digests(path) for path in files})
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.dirname(folder))) as work:
        print(json.dumps({"ready": True, "version": version()}), flush=True)
        for line in sys.stdin:
            print(json.dumps(measure(json.loads(line)["port"], way, files, Path(work))), flush=True)


main(*sys.argv[1:])
