"""The library supervision: COCO to YOLO, with the pictures."""

import os
import sys

import supervision
from measure_work import serve


def main(source, target, folder, annotations):
    if (source, target) != ("coco", "yolo"):
        raise SystemExit("only from coco to yolo")

    def convert(request):
        output = request["output"]
        file = os.path.join(folder, "annotations.json")
        dataset = supervision.DetectionDataset.from_coco(images_directory_path=folder, annotations_path=file)
        found = sum(len(detections) for detections in dataset.annotations.values())
        if found != int(annotations):
            raise RuntimeError("not all was read: %d annotations" % found)
        dataset.as_yolo(
            images_directory_path=os.path.join(output, "images"),
            annotations_directory_path=os.path.join(output, "labels"),
            data_yaml_path=os.path.join(output, "dataset.yaml"),
        )

    serve(supervision.__version__, convert)


main(*sys.argv[1:])
