"""The Python SDK's own DefaultUploadAction, against the embedded backend."""

import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")  # the SDK's models warn while they are imported

from measure_work import serve  # noqa: E402
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


def upload(port, params, wanted):
    client = BackendClient("http://127.0.0.1:%d" % port, access_token="any", tenant="tenant-1")
    runtime = RuntimeContext(logger=NoOpLogger(), env=PluginEnvironment({}), job_id=None, client=client)
    result = Upload.dispatch(params, runtime)
    value = result.model_dump() if hasattr(result, "model_dump") else result
    made = len(value["data_units"]) if isinstance(value["data_units"], list) else value["data_units"]
    if made != wanted:
        raise RuntimeError("not all arrived: %s data units" % made)


def main(path, way, wanted):
    params = {"name": "Bench", "storage": 2, "data_collection": 1, "path": path}
    params["extra_params"] = {"use_presigned": way == "presigned"}
    with tempfile.TemporaryDirectory() as folder:
        # The SDK's temporary folder is shared by all who use this machine.
        for place in (files, file_download, file_io):
            place.get_temp_path = lambda sub_path=None: Path(folder) / (sub_path or "")
        serve(version("synapse-sdk"), lambda request: upload(request["port"], params, int(wanted)))


main(*sys.argv[1:])
