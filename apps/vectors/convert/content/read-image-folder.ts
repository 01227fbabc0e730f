import { bytesOf, isPicture, type Content, type FileMap, type Picture } from './content.js';
import { pictureSizeOf } from './picture-size.js';

/** What an image folder says: the class of each picture, by its folder. */
export function readImageFolder(files: FileMap): Content {
  const pictures = Object.keys(files)
    .filter(isPicture)
    .map((name): Picture => {
      const [file = '', className = '', split = ''] = name.split('/').toReversed();
      const bytes = bytesOf(files[name]);
      const size = pictureSizeOf(bytes) ?? { width: 0, height: 0 };
      const things = [{ kind: 'classification' as const, className, numbers: [] }];
      return { split, file, bytes: bytes.toString('base64'), size, things };
    });
  return { classes: files['classes.txt']?.text?.split('\n').filter((line) => line !== ''), pictures };
}
