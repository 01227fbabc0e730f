// The model in plain TypeScript, alone: npx tsx apps/examples/train/trainers/typescript/main.ts CLASSES_TXT OUTPUT
import { DigitsModel } from './digits-model.js';

const [classesFile = '', output = ''] = process.argv.slice(2);
const model = await DigitsModel.over(classesFile);
for await (const { epoch, metrics } of model.epochs(1, 15)) console.log(epoch, JSON.stringify(metrics));
const result = await model.evaluate();
await model.save(output, result);
console.log('accuracy', result.accuracy);
