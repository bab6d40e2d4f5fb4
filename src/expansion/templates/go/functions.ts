import { BUILTINS } from './builtins.js';
import type { Functions } from './compile-pipe.js';
import { withTextCost } from './costly-texts.js';
import { SPRIG_DATES } from './sprig-dates.js';
import { SPRIG_ENCODING } from './sprig-encoding.js';
import { SPRIG_JSON } from './sprig-json.js';
import { SPRIG_LISTS } from './sprig-lists.js';
import { SPRIG_MAPS } from './sprig-maps.js';
import { SPRIG_NUMBERS } from './sprig-numbers.js';
import { SPRIG_PATHS } from './sprig-paths.js';
import { SPRIG_RANDOM } from './sprig-random.js';
import { SPRIG_REFUSED } from './sprig-refused.js';
import { SPRIG_REGEX } from './sprig-regex.js';
import { SPRIG_STRINGS } from './sprig-strings.js';
import { SPRIG_URLS } from './sprig-urls.js';
import { SPRIG_VALUES } from './sprig-values.js';
import { SPRIG_VERSIONS } from './sprig-versions.js';
import { SPRIG_WORDS } from './sprig-words.js';

/** What a set's Go templates may call (argocd-behaviour.md 2.3); sprig's own functions replace built-in ones. */
export const GO_FUNCTIONS: Functions = new Map(
  [
    ...BUILTINS,
    ...SPRIG_DATES,
    ...SPRIG_ENCODING,
    ...SPRIG_JSON,
    ...SPRIG_LISTS,
    ...SPRIG_MAPS,
    ...SPRIG_NUMBERS,
    ...SPRIG_PATHS,
    ...SPRIG_RANDOM,
    ...SPRIG_REFUSED,
    ...SPRIG_REGEX,
    ...SPRIG_STRINGS,
    ...SPRIG_URLS,
    ...SPRIG_VALUES,
    ...SPRIG_VERSIONS,
    ...SPRIG_WORDS,
  ].map(withTextCost),
);
