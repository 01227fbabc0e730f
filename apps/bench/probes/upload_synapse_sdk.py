"""The Python SDK's own DefaultUploadAction, against the embedded backend."""

import contextlib
import json
import resource
import sys
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")  # the SDK's models warn while they are imported

from synapse_sdk.clients.backend import BackendClient  # noqa: E402
from synapse_sdk.loggers import NoOpLogger  # noqa: E402
from synapse_sdk.plugins.actions.upload import DefaultUploadAction, UploadParams  # noqa: E402
from synapse_sdk.plugins.context import PluginEnvironment, RuntimeContext  # noqa: E402
from synapse_sdk.utils import file as files  # noqa: E402
from synapse_sdk.utils.file import download as file_download  # noqa: E402
from synapse_sdk.utils.file import io as file_io  # noqa: E402


class Upload(DefaultUploadAction[UploadParams]):
    action_name = "upload"
    params_model = UploadParams


def measure(port, params, wanted):
    client = BackendClient("http://127.0.0.1:%d" % port, access_token="any", tenant="tenant-1")
    runtime = RuntimeContext(logger=NoOpLogger(), env=PluginEnvironment({}), job_id=None, client=client)
    before = time.process_time()
    start = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        result = Upload.dispatch(params, runtime)
    seconds = time.perf_counter() - start
    used = time.process_time() - before
    value = result.model_dump() if hasattr(result, "model_dump") else result
    made = len(value["data_units"]) if isinstance(value["data_units"], list) else value["data_units"]
    if made != wanted:
        raise RuntimeError("not all arrived: %s data units" % made)
    return {"value": seconds, "processorSeconds": used, "peakBytes": peak_bytes()}


def peak_bytes():
    """Of this process alone: what the system calls ``ru_maxrss`` begins with that of the parent."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def main(path, way, wanted):
    params = {"name": "Bench", "storage": 2, "data_collection": 1, "path": path}
    params["extra_params"] = {"use_presigned": way == "presigned"}
    with tempfile.TemporaryDirectory() as folder:
        # The SDK's temporary folder is shared by all who use this machine.
        for place in (files, file_download, file_io):
            place.get_temp_path = lambda sub_path=None: Path(folder) / (sub_path or "")
        print(json.dumps({"ready": True, "version": version("synapse-sdk")}), flush=True)
        for line in sys.stdin:
            print(json.dumps(measure(json.loads(line)["port"], params, int(wanted))), flush=True)


main(*sys.argv[1:])
