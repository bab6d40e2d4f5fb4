import type { Kind, Signature } from './go-expressions.js';

function signatures(table: string): Signature[] {
  return table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [names = '', takes = '', gives = 'any'] = line.split(/\s*[:>]\s*/);
      const kinds = takes.split(' ').filter((kind) => kind !== '');
      const more = kinds.find((kind) => kind.endsWith('*'))?.slice(0, -1) as Kind | undefined;
      const fixed = kinds.filter((kind) => !kind.endsWith('*')) as Kind[];
      return names
        .trim()
        .split(' ')
        .map((name) => ({ name, takes: fixed, gives: gives as Kind, ...(more && { more }) }));
    });
}

export const BUILTIN_SIGNATURES = signatures(`
and or: any any* > any
not: any > flag
len: list > int
index: list int > any
index: map text > any
index: any any* > any
slice: text int int > text
slice: list int > list
eq ne lt le gt ge: any any > flag
eq: any any any* > flag
eq ne lt le gt ge: number number > flag
eq ne lt le gt ge: text text > flag
eq lt: int int > flag
print println: any any* > text
printf: format any any* > text
printf: format number > text
printf: format text > text
html js urlquery: any any* > text
call: any any* > any
`);

export const SPRIG_SIGNATURES = signatures(`
trim upper lower title untitle swapcase nospace initials snakecase camelcase kebabcase: text > text
trimAll trimSuffix trimPrefix trimall: text text > text
contains hasPrefix hasSuffix: text text > flag
repeat trunc abbrev wrap indent nindent: int text > text
substr: int int text > text
abbrevboth: int int text > text
wrapWith: int text text > text
replace: text text text > text
plural: text text int > text
quote squote cat: any any* > text
toString: any > text
toStrings sortAlpha: any > list
sortAlpha: list > list
join: text list > text
splitList: text text > list
split: text text > map
splitn: text int text > map
atoi int int64 float64 toDecimal: number > number
atoi: text > int
add1 floor ceil add1f: number > number
round: number int > number
add mul max min biggest addf subf divf mulf maxf minf: number number* > number
sub div mod: number number > number
until: int > list
untilStep: int int int > list
seq: int int* > text
default: any any > any
default: text text > text
empty: any > flag
coalesce all any: any any* > any
ternary: any any flag > any
first last rest initial reverse uniq compact: list > any
mustFirst mustLast mustRest mustReverse mustUniq mustCompact: list > list
append prepend push without has: list any > any
has: any list > flag
without: list any* > list
concat: list list* > list
slice: list number* > list
chunk: int list > list
list tuple: any* > list
dict: text any text any > map
dict: any any* > map
get hasKey: map text > any
pluck: text map map* > list
keys: map map* > list
values: map > list
pick omit: map text text* > map
set: map text any > map
unset: map text > map
dig: text any map > any
dig: text text text map > any
merge mergeOverwrite mustMerge: map map map* > map
deepCopy: any > any
typeOf kindOf: any > text
typeIs kindIs typeIsLike: text any > flag
deepEqual: any any > flag
toJson toPrettyJson toRawJson toYaml: any > text
fromJson mustFromJson: text > any
fromYaml: text > map
fromYamlArray: text > list
b64enc b32enc sha1sum sha256sum sha512sum adler32sum: text > text
b64dec b32dec: text > text
base dir clean ext osBase osDir: text > text
isAbs: text > flag
urlParse: text > map
urlJoin: map > text
semver: version > any
semverCompare: version version > flag
regexMatch mustRegexMatch: regex text > flag
regexFind regexQuoteMeta: regex text > text
regexFindAll regexSplit: regex text int > list
regexReplaceAll regexReplaceAllLiteral: regex text text > text
normalize slugify: text > text
slugify: int flag text > text
fail: text > text
duration: number > text
durationRound: number > text
toDate: layout text > any
date: layout moment > text
dateInZone: layout moment text > text
unixEpoch: moment > text
htmlDate: moment > text
dateModify: text moment > any
`);
