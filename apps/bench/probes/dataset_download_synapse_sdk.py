"""The Python SDK's own DatasetAction, against the embedded backend."""

import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")  # the SDK's models warn while they are imported

from measure_work import serve  # noqa: E402
from synapse_sdk.clients.backend import BackendClient  # noqa: E402
from synapse_sdk.loggers import NoOpLogger  # noqa: E402
from synapse_sdk.plugins.actions.dataset import DatasetAction  # noqa: E402
from synapse_sdk.plugins.context import PluginEnvironment, RuntimeContext  # noqa: E402
from synapse_sdk.utils import file as files  # noqa: E402
from synapse_sdk.utils.file import download as file_download  # noqa: E402
from synapse_sdk.utils.file import io as file_io  # noqa: E402


def main(pictures, folder):
    # What the SDK once downloaded it takes from a temporary folder again; this one is emptied between the downloads.
    for place in (files, file_download, file_io):
        place.get_temp_path = lambda sub_path=None: Path(folder) / (sub_path or "")

    def download(request):
        client = BackendClient("http://127.0.0.1:%d" % request["port"], access_token="any", tenant="tenant-1")
        runtime = RuntimeContext(logger=NoOpLogger(), env=PluginEnvironment({}), job_id=None, client=client)
        params = {"operation": "download", "dataset": 1, "output_dir": request["output"]}
        result = DatasetAction.dispatch(params, runtime)
        if result.count != int(pictures):
            raise RuntimeError("not all arrived: %s pictures" % result.count)

    serve(version("synapse-sdk"), download)


main(*sys.argv[1:])
