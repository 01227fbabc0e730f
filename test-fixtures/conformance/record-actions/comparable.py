"""Makes recordings comparable: no random waits or names, what is sent at once sorted, placeholders."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import random
import re
import shutil
from enum import Enum
from pathlib import Path
from typing import Any

from fake_backend import FakeBackend


@contextlib.contextmanager
def quiet_machine(folder: Path) -> Any:
    """No random waits or identifiers, and the SDK's fixed temp folder moved into this recording's own."""
    from synapse_sdk.utils import file as files
    from synapse_sdk.utils.converters.base import BaseConverter
    from synapse_sdk.utils.file import download, io

    def temp_path(sub_path: str | None = None) -> Path:
        return folder / 'temp' / (sub_path or '')

    places = [files, download, io]
    before = [place.get_temp_path for place in places]
    uniform, unique = random.uniform, BaseConverter.__dict__['_generate_unique_id']
    numbers = itertools.count(1)
    random.uniform = lambda low, high: 0.0
    BaseConverter._generate_unique_id = staticmethod(lambda: f'id{next(numbers):08d}')
    os.environ.pop('SYNAPSE_LANGUAGE', None)
    for place in places:
        place.get_temp_path = temp_path
    try:
        yield
    finally:
        random.uniform = uniform
        for place, original in zip(places, before, strict=True):
            place.get_temp_path = original
        BaseConverter._generate_unique_id = unique
        shutil.rmtree(folder / 'temp', ignore_errors=True)


def resolve(value: Any, root: Path, url: str) -> Any:
    """``{root}`` and ``{backend}`` in a vector become this recording's folder and address."""
    if isinstance(value, str):
        return value.replace('{root}', str(root)).replace('{backend}', url)
    if isinstance(value, dict):
        return {key: resolve(item, root, url) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, root, url) for item in value]
    return value


def order(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort what the SDK sends at once: PUTs to storage and the list that confirms them, downloads."""
    ordered: list[dict[str, Any]] = []
    pool: list[dict[str, Any]] = []
    for request in requests:
        if request['path'].startswith(('/_storage/', '/_files/')):
            pool.append({**request, 'any_order': True})
            continue
        ordered += sorted(pool, key=lambda item: (item['path'], item.get('query', []), item['status']))
        pool = []
        if request['path'].endswith('/confirm_upload/') and 'json' in request:
            request['json']['files'].sort(key=lambda item: item['file_key'])
        ordered.append(request)
    ordered += sorted(pool, key=lambda item: (item['path'], item.get('query', []), item['status']))
    for request in ordered:
        request.pop('content_type_full', None)
        if request['path'].startswith('/chunked_upload/'):
            _hide_archive(request)
    return ordered


def left_on(backend: FakeBackend) -> dict[str, Any]:
    """What the run left on the backend."""
    left: dict[str, Any] = {kind: made for kind, made in backend.created.items() if made}
    if 'objects' in left:
        left['objects'] = sorted(item['key'] for item in left['objects'])
    if 'data_units' in left:
        left['data_units'] = [unit['id'] for unit in left['data_units']]
    return left


def _hide_archive(request: dict[str, Any]) -> None:
    """A zip's bytes depend on the machine, so only its name is compared."""
    if request.get('form', {}).get('fields', {}).get('filename', '').endswith('model.zip'):
        request['form']['files'] = [{'field': 'file', 'filename': None, 'size': '{any}', 'md5': '{any}'}]
        request['content_range'] = '{any}'


_PATTERNS = [
    (re.compile(r'\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?'), '{time}'),
    (re.compile(r'IMP-\d{8}-'), 'IMP-{date}-'),
    (re.compile(r'^((?:train|model)[\w-]*)_[0-9a-f]{8}$'), r'\1_{random}'),
    (re.compile(r'0x[0-9a-f]{6,}'), '{address}'),
    (re.compile(r'\.tmp_([\w.-]+)_\d+'), r'.tmp_\1_{pid}'),
    (re.compile(r'(datasets/\d+)_\d{10}'), r'\1_{seconds}'),
    (re.compile(r'port=\d+'), 'port={port}'),
    (re.compile(r'Valid options: file_name, filename'), 'Valid options: filename, file_name'),  # a set: any order
]
_CLOCK_FIELDS = {'time_remaining', 'elapsed_time'}


class Normaliser:
    def __init__(self, root: Path, url: str, served: list[str] | None = None) -> None:
        self._names = [(url, '{backend}')] if url else []
        for name in served or []:  # a download is named after its address, and the address has a random port
            self._names.append((hashlib.md5(f'{url}/_files/{name}'.encode()).hexdigest(), f'{{md5:{name}}}'))
        self._names += [(str(root), '{root}'), (str(root.parent / 'temp'), '{temp}'), (str(root.parent), '{folder}')]

    def apply(self, value: Any, key: str = '') -> Any:
        if isinstance(value, str) or isinstance(value, Path):
            return self._text(str(value), key)
        if isinstance(value, Enum):
            return value.value
        if hasattr(value, 'model_dump'):
            return self.apply(value.model_dump())
        if isinstance(value, dict):
            pairs = {self._text(str(k), ''): self.apply(v, str(k)) for k, v in value.items()}
            return dict(sorted(pairs.items())) if key == 'files' else pairs
        if isinstance(value, (list, tuple)):
            return [self.apply(item, key) for item in value]
        if key in _CLOCK_FIELDS and value is not None:
            return '{clock}'
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return f'<{type(value).__name__}>'

    def _text(self, text: str, key: str) -> str:
        for found, name in self._names:
            text = text.replace(found, name)
        for pattern, name in _PATTERNS:
            text = pattern.sub(name, text)
        return text


def as_plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
