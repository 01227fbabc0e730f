import { open, rm, type FileHandle } from 'node:fs/promises';

/** So much is collected before it is written. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Writes a COCO file picture by picture. Its lists stand one after the other, and grow side by side: pictures go into the file
 * itself, annotations into one beside it, which is appended in the end.
 */
export class CocoFileWriter {
  readonly #pictures: ListFile;
  readonly #annotations: ListFile;
  readonly #partPath: string;
  #annotationId = 0;
  #imageId = 0;

  private constructor(pictures: ListFile, annotations: ListFile, partPath: string) {
    this.#pictures = pictures;
    this.#annotations = annotations;
    this.#partPath = partPath;
  }

  /** @param path where nothing is yet */
  static async open(path: string): Promise<CocoFileWriter> {
    const partPath = `${path}.part`;
    const pictures = await ListFile.open(path);
    try {
      await pictures.write(
        `{\n"info": ${JSON.stringify(INFO)},\n"licenses": ${JSON.stringify(LICENSES)},\n"images": [`,
      );
      return new CocoFileWriter(pictures, await ListFile.open(partPath), partPath);
    } catch (error) {
      await pictures.close();
      throw error;
    }
  }

  /** Numbers picture and annotations from 1 on. */
  async add(picture: object, annotations: readonly object[]): Promise<void> {
    this.#imageId += 1;
    await this.#pictures.item({ id: this.#imageId, ...picture, license: 1 });
    for (const annotation of annotations) {
      this.#annotationId += 1;
      await this.#annotations.item({ id: this.#annotationId, image_id: this.#imageId, ...annotation });
    }
  }

  async finish(categories: readonly object[]): Promise<void> {
    await this.#annotations.flush();
    await this.#pictures.write('\n],\n"annotations": [');
    await this.#pictures.append(this.#annotations);
    await this.#pictures.write('\n],\n"categories": [');
    await this.#pictures.items(categories);
    await this.#pictures.write('\n]\n}\n');
    await this.#pictures.flush();
    await this.close();
    await rm(this.#partPath);
  }

  async close(): Promise<void> {
    await this.#annotations.close();
    await this.#pictures.close();
  }
}

const INFO = { description: 'Converted by synapse-steps', url: '', version: '1.0', contributor: '', date_created: '' };
const LICENSES = [{ id: 1, name: 'Unknown', url: '' }];

/** A file that grows by one item of a list after the other. */
class ListFile {
  readonly #file: FileHandle;
  #block = '';
  #isFirst = true;
  #isOpen = true;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<ListFile> {
    return new ListFile(await open(path, 'wx+'));
  }

  async item(value: object): Promise<void> {
    await this.write(`${this.#isFirst ? '' : ','}\n${JSON.stringify(value)}`);
    this.#isFirst = false;
  }

  /** Another list, from its beginning. */
  async items(values: readonly object[]): Promise<void> {
    this.#isFirst = true;
    for (const value of values) await this.item(value);
  }

  async write(text: string): Promise<void> {
    this.#block += text;
    if (this.#block.length >= BLOCK_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    const block = this.#block;
    this.#block = '';
    await this.#file.appendFile(block);
  }

  /** What another file holds, to its end. */
  async append(other: ListFile): Promise<void> {
    await this.flush();
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await other.#file.read(block, 0, block.length, position);
      if (bytesRead === 0) return;
      await this.#file.appendFile(block.subarray(0, bytesRead));
      position += bytesRead;
    }
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#file.close();
    this.#isOpen = false;
  }
}
