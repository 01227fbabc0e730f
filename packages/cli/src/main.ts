import { finishOutput } from './output/finish-output.js';
import { runProgram } from './program.js';

// The process ends here and nowhere else: a step of the user may have left a timer or a socket open.
const exitCode = await runProgram(process.argv.slice(2));
await finishOutput();
process.exit(exitCode);
