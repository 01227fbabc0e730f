"""Reads converted data sets with the formats' own tools, and prints what these found as one line of JSON."""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter('ignore')

import supervision  # noqa: E402
from pycocotools.coco import COCO  # noqa: E402
from pycocotools.cocoeval import COCOeval  # noqa: E402


def read_coco(folder: Path) -> dict:
    """What pycocotools finds, and how it rates annotations as the result of a detection of themselves."""
    coco = COCO(str(folder / 'annotations.json'))
    annotations = coco.loadAnns(coco.getAnnIds())
    outlined = [one for one in annotations if 'segmentation' in one]
    names = {one['id']: one['name'] for one in coco.loadCats(coco.getCatIds())}
    return {
        'pictures': {one['file_name']: len(coco.getAnnIds(imgIds=[one['id']])) for one in coco.loadImgs(coco.getImgIds())},
        'classes': [names[id] for id in sorted(names)],
        'boxes': [[names[one['category_id']], *one['bbox']] for one in annotations],
        'mask_pixels': {one['id']: int(coco.annToMask(one).sum()) for one in outlined},
        'precision': {kind: rate(coco, annotations, kind) for kind in ('bbox', 'segm', 'keypoints')},
    }


def rate(coco: COCO, annotations: list, kind: str) -> float:
    key = {'segm': 'segmentation', 'keypoints': 'keypoints'}.get(kind, 'bbox')
    chosen = [one for one in annotations if key in one]
    found = [{**one, 'score': 1.0} for one in chosen]
    truth = COCO()
    truth.dataset = {**coco.dataset, 'annotations': [dict(one) for one in chosen]}
    truth.createIndex()
    rating = COCOeval(truth, truth.loadRes(found), kind)
    if kind == 'keypoints':
        count = len(chosen[0]['keypoints']) // 3
        rating.params.kpt_oks_sigmas = rating.params.kpt_oks_sigmas[:1].repeat(count)
    rating.evaluate()
    rating.accumulate()
    rating.summarize()
    return round(float(rating.stats[0]), 6)


def shown(dataset: supervision.DetectionDataset) -> dict:
    """By picture: class and corners of each box, and how many outlines there are."""
    found = {}
    for path, _, detections in dataset:
        boxes = [
            [dataset.classes[class_id], *(round(float(number), 3) for number in corners)]
            for corners, class_id in zip(detections.xyxy, detections.class_id if detections.class_id is not None else [])
        ]
        found[Path(path).name] = {'boxes': boxes, 'masks': 0 if detections.mask is None else len(detections.mask)}
    return {'classes': list(dataset.classes), 'pictures': found}


def main(root: Path) -> dict:
    load = supervision.DetectionDataset
    yolo = root / 'yolo'
    return {
        'pycocotools': read_coco(root / 'coco'),
        'coco': shown(load.from_coco(str(root / 'coco'), str(root / 'coco' / 'annotations.json'))),
        'yolo': {
            split: shown(load.from_yolo(str(yolo / split / 'images'), str(yolo / split / 'labels'), str(yolo / 'dataset.yaml')))
            for split in ('train', 'valid')
        },
        'pascal': shown(load.from_pascal_voc(str(root / 'pascal' / 'JPEGImages'), str(root / 'pascal' / 'Annotations'))),
    }


if __name__ == '__main__':
    with contextlib.redirect_stdout(io.StringIO()):
        result = main(Path(sys.argv[1]))
    print(json.dumps(result))
