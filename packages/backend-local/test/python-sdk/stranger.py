"""The real ``synapse-sdk`` at work: its own actions against the backend at ``SYNAPSE_HOST``.

    python stranger.py FOLDER     FOLDER holds ``pictures/``, ``large/`` and ``weights/``; downloads go there, too

Prints one JSON object with what the SDK says it did. Only the SDK's fixed temporary folder is moved, for it is shared by
all who use this machine; nothing else of the SDK is touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from synapse_sdk.clients.backend import BackendClient
from synapse_sdk.clients.backend_v2 import BackendClientV2
from synapse_sdk.loggers import ConsoleLogger, JobLogger
from synapse_sdk.plugins.actions.dataset import DatasetAction
from synapse_sdk.plugins.actions.train import BaseTrainAction, BaseTrainParams
from synapse_sdk.plugins.actions.upload import DefaultUploadAction, UploadParams
from synapse_sdk.plugins.context import PluginEnvironment, RuntimeContext
from synapse_sdk.utils import file as files
from synapse_sdk.utils.file import download as file_download
from synapse_sdk.utils.file import io as file_io

HOST, TOKEN = os.environ['SYNAPSE_HOST'], os.environ['SYNAPSE_ACCESS_TOKEN']


class Upload(DefaultUploadAction[UploadParams]):
    action_name = 'upload'
    params_model = UploadParams


class TrainParams(BaseTrainParams):
    name: str | None = None


class Train(BaseTrainAction[TrainParams]):
    action_name = 'train'
    params_model = TrainParams
    target_format = 'imagefolder'
    weights: Path

    def execute(self, data_path: Path, checkpoint: Any) -> Any:
        return {'weights_path': str(self.weights)}


def main(folder: Path) -> dict[str, Any]:
    for place in (files, file_download, file_io):
        place.get_temp_path = lambda sub_path=None: folder / 'temp' / (sub_path or '')
    client = BackendClient(HOST, access_token=TOKEN, tenant='tenant-1')
    done: dict[str, Any] = {}
    done['presigned'] = upload(client, {'path': 'pictures'}, job='1')
    done['through_backend'] = upload(client, {'path': 'pictures', 'extra_params': {'use_presigned': False}})
    done['multipart'] = upload(client, {'path': 'large'})
    done['chunked'] = upload(
        client, {'path': 'large', 'max_file_size_mb': 1, 'extra_params': {'use_presigned': False}}
    )
    large = next((folder / 'large' / 'image').iterdir())
    finished = client.create_chunked_upload(large, chunk_size=700_000)
    done['chunks'] = {'checksum': finished['checksum'], 'size': finished['size'], 'offset': finished['offset']}
    done['dataset'] = download(client, folder)
    done['model'] = train(client, folder)
    done['default_storage'] = client.get_default_storage()['provider']
    done['known'] = client.verify_data_files_checksums([hashlib.md5(large.read_bytes()).hexdigest(), '0' * 32])
    done['deleted'] = delete_newest(client)
    return done


def upload(client: BackendClient, params: dict[str, Any], job: str | None = None) -> dict[str, Any]:
    logger = ConsoleLogger() if job is None else JobLogger(client, job)
    result = run(Upload, {'name': 'Batch', 'storage': 2, 'data_collection': 1, 'project': 1, **params}, client, logger)
    value = result.model_dump() if hasattr(result, 'model_dump') else result
    return {key: len(item) if isinstance(item, list) else item for key, item in value.items()}


def download(client: BackendClient, folder: Path) -> dict[str, Any]:
    params = {'operation': 'download', 'dataset': 1, 'output_dir': str(folder / 'downloaded')}
    result = run(DatasetAction, params, client, ConsoleLogger())
    return {'count': result.count if hasattr(result, 'count') else result['count']}


def train(client: BackendClient, folder: Path) -> dict[str, Any]:
    Train.weights = folder / 'weights'
    result = run(Train, {'dataset': 1, 'name': 'shapes'}, client, ConsoleLogger(), job_id='1')
    model = client.get_model(result['model_id'])
    return {'id': model['id'], 'plugin': model['plugin'], 'version': model['version'], 'file': Path(model['file']).suffix}


def delete_newest(client: BackendClient) -> dict[str, Any]:
    """The second version of the API, which the SDK's actions never use."""
    newer = BackendClientV2(HOST, access_token=TOKEN, tenant='tenant-1', allow_insecure=True)
    units, count = client.list_data_units({'data_collection': 1}, url_conversion={}, list_all=True, page_size=5)
    ids = [unit['id'] for unit in units]
    newer.data_units.destroy(ids[-1])
    return {'count': count, 'listed': len(ids), 'unit': ids[-1]}


def run(action: Any, params: dict[str, Any], client: BackendClient, logger: Any, job_id: str | None = None) -> Any:
    runtime = RuntimeContext(logger=logger, env=PluginEnvironment({}), job_id=job_id, client=client)
    with contextlib.redirect_stdout(sys.stderr):
        result = action.dispatch(params, runtime)
        logger.finish()
    return result


if __name__ == '__main__':
    print(json.dumps(main(Path(sys.argv[1])), default=str))
