import type { YamlOptions } from '../../kubernetes/yaml.js';

/** How generators read YAML: leniently, as Argo CD does, and no more than is read in a tenth of a second. */
export const GENERATOR_TEXT: YamlOptions = { duplicateKeys: 'last-wins', maxBytes: 2_000_000, maxNodes: 250_000 };
