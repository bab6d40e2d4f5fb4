import {
  DUMP_SCHEMA,
  NOT_RESOLVED,
  Schema,
  YAMLException,
  binaryTag,
  boolYaml11Tag,
  floatYaml11Tag,
  intYaml11Tag,
  mapTag,
  mergeTag,
  nullYaml11Tag,
  seqTag,
  strTag,
} from 'js-yaml';

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const PREFIXED = [
  { digits: /^0[bB]([01]+)$/, radix: 2 },
  { digits: /^0[xX]([0-9a-fA-F]+)$/, radix: 16 },
  { digits: /^0[oO]?([0-7]+)$/, radix: 8 },
];

/** Tags of YAML's own that JSON has nothing for, such as `!!timestamp`: the text, list or mapping is kept. */
const CORE = 'tag:yaml.org,2002:';

/**
 * How Kubernetes reads scalars (sigs.k8s.io/yaml, which is go-yaml 2): `yes` and `on` are booleans, `0644` is octal,
 * `1e3` is a number, dates and `22:22` stay text, `<<` merges, a tag of one's own (`!vault`) is ignored.
 */
export const KUBERNETES_SCHEMA = schemaWith({ ...intYaml11Tag, resolve: (text) => integer(text) ?? NOT_RESOLVED });

/** The same, with a bigint for a whole number of 64 bits that a double cannot hold. */
export const EXACT_SCHEMA = schemaWith({
  ...intYaml11Tag,
  // The tag's own type knows numbers only.
  resolve: (text) => (exactInteger(text) as number | undefined) ?? NOT_RESOLVED,
});

/** How YAML is printed: as js-yaml does for every reader, and bigints as whole numbers. */
export const PRINTED_SCHEMA = DUMP_SCHEMA.withTags(
  ...DUMP_SCHEMA.tags
    .filter(({ tagName }) => tagName === intYaml11Tag.tagName)
    .map((tag) => ({
      ...tag,
      identify: (value: unknown) => typeof value === 'bigint' || tag.identify(value),
    })),
);

function schemaWith(intTag: typeof intYaml11Tag): Schema {
  return new Schema([
    strTag,
    seqTag,
    { ...mapTag, addPair },
    nullYaml11Tag,
    boolYaml11Tag,
    mergeTag,
    intTag,
    { ...floatYaml11Tag, resolve: (text) => float(text) ?? NOT_RESOLVED },
    { ...binaryTag, resolve: binary },
    { ...strTag, tagName: '!', matchByTagPrefix: true, identify: () => false },
    { ...seqTag, tagName: '!', matchByTagPrefix: true, identify: () => false },
    { ...mapTag, tagName: '!', matchByTagPrefix: true, identify: () => false, addPair },
    { ...strTag, tagName: CORE, matchByTagPrefix: true, identify: () => false },
    { ...seqTag, tagName: CORE, matchByTagPrefix: true, identify: () => false },
    { ...mapTag, tagName: CORE, matchByTagPrefix: true, identify: () => false, addPair },
  ]);
}

function addPair(carrier: Record<string, unknown>, key: unknown, value: unknown): string {
  if (key === null) return 'null cannot be a key';
  return mapTag.addPair(carrier, key, value);
}

function integer(text: string): number | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const value = magnitude(digits);
  if (value === undefined) return undefined;
  return text.startsWith('-') ? 0 - value : value;
}

const MOST_SIGNED = 2n ** 63n;
const MOST_UNSIGNED = 2n ** 64n - 1n;

/** As Kubernetes decodes it: int64 exactly, what is larger as a double; beyond 64 bits digits of another base are text. */
function exactInteger(text: string): number | bigint | undefined {
  const rounded = integer(text);
  if (rounded === undefined || Number.isSafeInteger(rounded)) return rounded;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  const isDecimal = !digits.startsWith('0');
  const exact = BigInt(isDecimal ? digits : digits.replace(/^0(?=[0-7])/, '0o'));
  if (!isDecimal && exact > MOST_UNSIGNED) return undefined;
  const signed = text.startsWith('-') ? -exact : exact;
  return signed >= -MOST_SIGNED && signed < MOST_SIGNED ? signed : rounded;
}

function magnitude(digits: string): number | undefined {
  if (/^(?:0|[1-9][0-9]*)$/.test(digits)) return Number(digits);
  for (const { digits: pattern, radix } of PREFIXED) {
    const match = pattern.exec(digits);
    if (match) return Number.parseInt(match[1] ?? '', radix);
  }
  return undefined;
}

function float(text: string): number | undefined {
  if (NOT_FINITE.test(text)) throw new YAMLException(`"${text}" is a number that JSON cannot hold`);
  const plain = text.replaceAll('_', '');
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** `!!binary` is text once decoded, as in go-yaml; the tag's own type says bytes, hence the cast. */
function binary(text: string, isExplicit: boolean, tagName: string): Uint8Array<ArrayBuffer> | typeof NOT_RESOLVED {
  const bytes = binaryTag.resolve(text, isExplicit, tagName);
  if (bytes === NOT_RESOLVED) return bytes;
  return new TextDecoder().decode(bytes as Uint8Array) as unknown as Uint8Array<ArrayBuffer>;
}
