import { normalizeName } from '../../normalize-name.js';
import { BUILTINS } from './builtins.js';
import type { Functions } from './compile-pipe.js';
import type { GoFunction } from './function.js';
import { SPRIG_STRINGS } from './sprig-strings.js';
import { SPRIG_VALUES } from './sprig-values.js';

const normalize: GoFunction = { parameters: ['string'], call: ([name]) => normalizeName(name as string) };

/** What a set's Go templates may call (argocd-behaviour.md 2.3); sprig's own functions replace built-in ones. */
export const GO_FUNCTIONS: Functions = new Map([
  ...BUILTINS,
  ...SPRIG_STRINGS,
  ...SPRIG_VALUES,
  ['normalize', normalize],
]);

/** Functions of Argo CD that are not here yet: a template that calls one is refused by name. */
export const FUNCTIONS_TO_COME: ReadonlySet<string> = new Set(
  `abbrev abbrevboth add1f addf ago atoi b32dec b32enc b64dec base bcrypt biggest buildCustomCert camelcase ceil chunk clean
  date dateInZone dateModify date_in_zone date_modify decryptAES deepCopy deepEqual derivePassword dig dir divf duration
  durationRound encryptAES ext float64 floor fromJson fromYaml fromYamlArray genCA genCAWithKey genPrivateKey
  genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey hello htmlDate htmlDateInZone htpasswd
  initials isAbs kebabcase maxf merge mergeOverwrite minf mulf mustAppend mustChunk mustCompact mustDateModify mustDeepCopy
  mustFirst mustFromJson mustHas mustInitial mustLast mustMerge mustMergeOverwrite mustPrepend mustPush mustRegexFind
  mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse
  mustSlice mustToDate mustToPrettyJson mustToRawJson mustUniq mustWithout must_date_modify now osBase osClean osDir osExt
  osIsAbs pluck randAlpha randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll regexMatch
  regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit round semver semverCompare seq set shuffle slugify
  snakecase splitn subf swapcase title toDate toDecimal toPrettyJson toRawJson toYaml typeIsLike unixEpoch unset until
  untilStep untitle urlJoin urlParse uuidv4 wrap wrapWith`.split(/\s+/),
);
