import type { Area } from '../area.js';
import { FAST } from './fast.js';
import { DATES, PRINTF, SYNTAX, URLS, VALUES, WORDS_AREA } from './more-templates.js';
import { NAMES } from './names.js';
import { PATCHES } from './patches.js';
import { PATHSPECS } from './pathspecs.js';
import { GLOBS, PATHS } from './patterns.js';
import { REGEXES } from './regexes.js';
import { LABEL_QUERIES, POST_SELECTORS, SELECTORS } from './selectors.js';
import { FUNCTIONS, LANGUAGE } from './templates.js';
import { VERSIONS } from './versions.js';
import { YAML_FILES, YAML_READ, YAML_TEXTS } from './yaml.js';

export const AREAS: readonly Area[] = [
  LANGUAGE,
  FUNCTIONS,
  PRINTF,
  VALUES,
  DATES,
  SYNTAX,
  URLS,
  WORDS_AREA,
  REGEXES,
  NAMES,
  VERSIONS,
  YAML_FILES,
  YAML_TEXTS,
  YAML_READ,
  SELECTORS,
  POST_SELECTORS,
  LABEL_QUERIES,
  PATCHES,
  PATHS,
  PATHSPECS,
  GLOBS,
  FAST,
];
