import { FIVE_LANGUAGES } from '../../../test-fixtures/plugins/five-languages.js';
import { testLanguagePlugin } from './language-plugins.js';

for (const plugin of FIVE_LANGUAGES.filter(({ compiled }) => !compiled)) testLanguagePlugin(plugin);
