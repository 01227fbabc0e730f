/** The file that a trainer is given of a data set; other formats have none. */
export const CONFIG_FILES: Readonly<Record<string, string>> = { yolo: 'dataset.yaml', imagefolder: 'classes.txt' };
