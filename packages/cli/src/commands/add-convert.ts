import type { Command } from 'commander';
import type { ConvertCommandOptions } from './convert-command.js';

/** What `convert` does once the command line is read. */
export interface ConvertActions {
  convert(input: string, output: string, options: ConvertCommandOptions): Promise<void>;
}

/** Adds `convert` to the program. */
export function addConvert(program: Command, actions: ConvertActions): void {
  program
    .command('convert')
    .summary('convert a data set to another format')
    .description(
      'Converts a folder with a data set to another format, in a new folder that appears when it is complete. The input is only read.',
    )
    .argument('<in>', 'the folder with the data set')
    .argument('<out>', 'the folder to make; it must not exist yet')
    .requiredOption('--from <format>', `the format of the data set: ${FORMATS}`)
    .requiredOption('--to <format>', 'the format to make: one of the same')
    .option('--splits <names>', 'only these splits, such as train,valid (default: all)')
    .option('--classes <names>', 'names for a data set that has only numbers, such as cat,dog')
    .option('--segmentation <way>', "masks become objects, areas or nothing: 'instance', 'semantic' or 'exclude'")
    .option(
      '--outside <way>',
      "what reaches out of its picture: 'clip' or 'leave-out' (default: kept in dm, coco and pascal, in yolo a box whose middle is inside; yolo-tasks leaves it out)",
    )
    .option('--copy', 'copy pictures, also where a second name for the same file would do')
    .option('--allow-left-out', 'exit with 0 although something was left out')
    .option('--json', 'print the report as one JSON object')
    .option('--quiet', 'show no progress')
    .option('--debug', 'stacks with errors')
    .addHelpText('after', EXAMPLES)
    .action(
      async (input: string, output: string, options: ConvertCommandOptions) =>
        await actions.convert(input, output, options),
    );
}

/** Named here, so that help costs nothing; a test holds them to the package of data sets. */
const FORMATS = 'dm_v1, dm_v2, yolo, yolo-tasks, coco, pascal or imagefolder';

const EXAMPLES = `
Examples:
  synapse-steps convert --from dm_v2 --to yolo pictures pictures-yolo
  synapse-steps convert --from coco --to dm_v2 --splits train,valid coco-folder dm-folder
  synapse-steps convert --from yolo --to pascal --json runs/data voc | jq .leftOutCounts

What the other format cannot express is left out and told: the report counts it by kind and shows the first of each.

Exit codes: 0 converted, 1 converted but something was left out (unless --allow-left-out), 2 nothing was written,
130 given up by Ctrl-C and nothing was written.`;
