"""The floor: curl fetches the pages, all at once as it is told how many there are, and then the pictures. Only curl is timed."""

import json
import sys
import tempfile
from pathlib import Path

from curl_parallel import Curl, version

PAGE = 100


def measure(port, output, pictures, work):
    curl = Curl(work)
    pages = -(-pictures // PAGE)
    query = "fields=category&fields=files&fields=data&expand=data&ground_truth_dataset_versions=1&page_size=%d" % PAGE
    address = "http://127.0.0.1:%d/sdk/ground_truth_events/?%s" % (port, query)
    fetch(curl, [("%s&page=%d" % (address, number + 1), output / ("page-%d.json" % number)) for number in range(pages)])
    events = [
        event
        for number in range(pages)
        for event in json.loads((output / ("page-%d.json" % number)).read_text())["results"]
    ]
    fetch(curl, [(event["files"]["image_1"]["url"], output / ("%d.jpg" % event["id"])) for event in events])
    if len(list(output.glob("*.jpg"))) != pictures:
        raise RuntimeError("not every picture arrived")
    return curl.taken()


def fetch(curl, transfers):
    curl.many([line for url, file in transfers for line in ('url = "%s"' % url, 'output = "%s"' % file)])


def main(pictures):
    with tempfile.TemporaryDirectory() as work:
        print(json.dumps({"ready": True, "version": version()}), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            output = Path(request["output"])
            output.mkdir()
            print(json.dumps(measure(request["port"], output, int(pictures), Path(work))), flush=True)


main(*sys.argv[1:])
