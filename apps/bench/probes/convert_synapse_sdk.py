"""The Python SDK's own converters."""

import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")  # the SDK's models warn while they are imported

from measure_work import serve  # noqa: E402
from synapse_sdk.utils.converters import get_converter  # noqa: E402


def main(source, target, folder):
    def convert(request):
        converter = get_converter(source, target, root_dir=folder)
        converter.convert()
        converter.save_to_folder(request["output"])

    serve(version("synapse-sdk"), convert)


main(*sys.argv[1:4])
