// npm run pack -- FOLDER: builds and packs the packages for another project, and prints the line that installs them there.
import { mainProgram } from './bootstrap/main-program.mjs';
import { installLine, packPackages } from './packing/pack-packages.mjs';

const usage =
  'npm run pack -- FOLDER\n  packs the packages into FOLDER, and prints the line that installs them in a project';
const [folder = '', ...others] = process.argv.slice(2);

if (folder === '--help') {
  console.log(usage);
} else if (folder === '' || folder.startsWith('-') || others.length > 0) {
  console.error(`Name one folder.\n${usage}`);
  process.exitCode = 2;
} else {
  await mainProgram(async () => {
    const tarballs = await packPackages(folder);
    console.log(`${tarballs.length} packages are packed. To install them, in the folder of your project:\n`);
    console.log(installLine(tarballs));
    return 0;
  });
}
