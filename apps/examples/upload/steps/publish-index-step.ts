import { writeFile } from 'node:fs/promises';
import { BaseStep, StepResult } from '@synapse-steps/core';
import type { UploadContext } from '@synapse-steps/upload';

/** A step of one's own, as any upload may have: writes the ids of the new data units into a file. */
export class PublishIndexStep extends BaseStep<UploadContext> {
  readonly name = 'publish_index';
  readonly progressWeight = 0.05;
  readonly #file: string;

  constructor(file: string) {
    super();
    this.#file = file;
  }

  async execute({ dataUnits }: UploadContext): Promise<StepResult> {
    await writeFile(this.#file, dataUnits.map(({ id, key }) => `${id} ${key}\n`).join(''), { flag: 'wx' });
    return StepResult.ok({ data: { units: dataUnits.length } });
  }
}
