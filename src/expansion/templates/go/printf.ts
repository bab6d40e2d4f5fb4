import { formatGoValue, compareBytes } from '../../go-format.js';
import { byteLength } from './bytes.js';
import { padded, type Directive } from './directive.js';
import { GoExecutionError } from './execution-error.js';
import { formatFloat, formatInteger } from './format-number.js';
import type { CallContext } from './function.js';
import { GoObject } from './go-object.js';
import { goSyntax } from './go-syntax.js';
import { NamedInt } from './named-int.js';
import { quoteText } from './quote.js';
import { isMap, typeNameOf, wholeOf, type GoValue } from './values.js';

const DIRECTIVE =
  /%(?<flags>[-+# 0]*)(?<first>\[[^\]]*\]|\[)?(?<width>\*|[0-9]+)?(?:(?<point>\.)(?<second>\[[^\]]*\]|\[)?(?<precision>\*|[0-9]+)?)?(?<third>\[[^\]]*\]|\[)?(?:(?<verb>[^])|$)/gu;
const LARGEST = 1_000_000;

/** fmt.Sprintf. `%p` of lists and maps is refused: there are no pointers here. */
export function printf(format: string, args: readonly GoValue[], context: CallContext): string {
  const queue = new ArgumentQueue(args);
  let text = '';
  let at = 0;
  for (const match of format.matchAll(DIRECTIVE)) {
    text += format.slice(at, match.index) + formatDirective(match.groups ?? {}, queue, context);
    at = match.index + match[0].length;
  }
  return text + format.slice(at) + queue.extra();
}

type Parts = Readonly<Record<string, string | undefined>>;

function formatDirective(parts: Parts, queue: ArgumentQueue, context: CallContext): string {
  const { flags = '', verb, first, second, third } = parts;
  const isGood = queue.goTo(first) && isOrdered(parts);
  const width = queue.size(parts['width'], 'WIDTH');
  const isStillGood = queue.goTo(second) && isGood;
  const precision = parts['point'] === undefined ? {} : queue.size(parts['precision'] ?? '0', 'PREC');
  const hasIndex = queue.goTo(third) && isStillGood;
  const room = Math.abs(width.value ?? 0) + (precision.value ?? 0);
  context.charge(room);
  const bad = `${width.bad ?? ''}${precision.bad ?? ''}`;
  if (verb === undefined) return `${bad}%!(NOVERB)`;
  if (verb === '%') return `${bad}%`;
  if (!hasIndex) return `${bad}%!${verb}(BADINDEX)`;
  if (queue.isEmpty) return `${bad}%!${verb}(MISSING)`;
  const value = queue.next();
  if (room > 0 && typeof value === 'object') context.charge(room * partsOf(value));
  return bad + formatVerb(value, directiveOf(verb, flags, { width: width.value, precision: precision.value }));
}

/** How many values and keys are padded each on its own; the arguments have been weighed. */
function partsOf(value: GoValue): number {
  if (Array.isArray(value)) return (value as unknown[]).reduce<number>((sum, item) => sum + partsOf(item), 1);
  if (!isMap(value)) return 1;
  return Object.keys(value).reduce((sum, key) => sum + 1 + partsOf(value[key]), 1);
}

/** An index must stand right before what it is for: `%[3]2d` and `%[3].2d` are none. */
function isOrdered({ first, width, point }: Parts): boolean {
  if (first === undefined || width === '*') return true;
  return width === undefined && point === undefined;
}

class ArgumentQueue {
  private taken = 0;
  private isReordered = false;

  constructor(private readonly args: readonly GoValue[]) {}

  /** Goes on with the argument of an index such as `[2]`; false where there is none of that number. */
  goTo(index: string | undefined): boolean {
    if (index === undefined) return true;
    this.isReordered = true;
    const number = /^\[([0-9]{1,7})\]$/.exec(index)?.[1];
    if (number === undefined || Number(number) < 1 || Number(number) > this.args.length) return false;
    this.taken = Number(number) - 1;
    return true;
  }

  get isEmpty(): boolean {
    return this.taken >= this.args.length;
  }

  next(): GoValue {
    return this.args[this.taken++];
  }

  /** A width or precision, written or taken from the arguments. */
  size(written: string | undefined, name: string): { value?: number; bad?: string } {
    if (written === undefined) return {};
    if (written !== '*') return Number(written) > LARGEST ? { bad: `%!(BAD${name})` } : { value: Number(written) };
    const whole = this.isEmpty ? undefined : wholeOf(this.next());
    if (whole === undefined || whole > BigInt(LARGEST) || whole < BigInt(-LARGEST)) return { bad: `%!(BAD${name})` };
    if (whole < 0n && name === 'PREC') return { bad: '%!(BADPREC)' };
    return { value: Number(whole) };
  }

  extra(): string {
    if (this.isEmpty || this.isReordered) return '';
    const rest = this.args
      .slice(this.taken)
      .map((value) => (value == null ? '<nil>' : `${typeNameOf(value)}=${formatGoValue(value)}`));
    return `%!(EXTRA ${rest.join(', ')})`;
  }
}

function directiveOf(verb: string, flags: string, size: Pick<Directive, 'width' | 'precision'>): Directive {
  const isNegative = (size.width ?? 0) < 0;
  const minus = isNegative || flags.includes('-');
  return {
    verb,
    plus: flags.includes('+'),
    minus,
    sharp: flags.includes('#'),
    space: flags.includes(' '),
    zero: flags.includes('0') && !minus,
    width: size.width === undefined ? undefined : Math.abs(size.width),
    precision: size.precision,
  };
}

function formatVerb(value: GoValue, directive: Directive): string {
  const { verb, sharp } = directive;
  if (value === null || value === undefined)
    return 'vT'.includes(verb) ? padded('<nil>', directive) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatText(typeNameOf(value), { ...directive, verb: 's' }) ?? '';
  if (sharp && verb === 'v') return goSyntax(value, { ...directive, sharp: false, plus: false });
  if (verb === 'p' && (Array.isArray(value) || isMap(value))) {
    throw new GoExecutionError('printf: %p is not supported: there are no pointers here');
  }
  return formatValue(value, verb === 'v' ? { ...directive, plus: false } : directive);
}

/** A nil inside a list or map is the same whatever the verb. */
function formatValue(value: GoValue, directive: Directive): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map((item) => formatValue(item, directive)).join(' ')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).sort(compareBytes);
    return `map[${keys.map((key) => `${formatValue(key, directive)}:${formatValue(value[key], directive)}`).join(' ')}]`;
  }
  return formatScalar(value, directive) ?? badVerb(value, directive);
}

function formatScalar(value: GoValue, directive: Directive): string | undefined {
  const { verb } = directive;
  if (typeof value === 'boolean') return 'tv'.includes(verb) ? padded(String(value), directive) : undefined;
  if (typeof value === 'string') return formatText(value, directive);
  if (typeof value === 'number') return formatFloat(value, directive);
  const isNamed = value instanceof NamedInt || value instanceof GoObject;
  if (isNamed && 'vsqxX'.includes(verb)) return formatText(String(value), directive);
  const whole = wholeOf(value);
  if (whole === undefined) throw new GoExecutionError(`printf: %${verb} of ${typeNameOf(value)} is not supported`);
  return formatInteger(whole, directive);
}

function formatText(text: string, directive: Directive): string | undefined {
  const { verb, precision, sharp, plus } = directive;
  const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
  if (verb === 's' || verb === 'v') return padded(cut, directive);
  if (verb === 'q') return padded(sharp && canBackquote(cut) ? `\`${cut}\`` : quoteText(cut, plus), directive);
  if (verb === 'x' || verb === 'X') return padded(hex(text, directive), directive);
  return undefined;
}

function canBackquote(text: string): boolean {
  return !/[`\ufeff]|(?!\t)\p{Cc}/u.test(text);
}

function hex(text: string, { verb, precision, sharp, space }: Directive): string {
  const bytes = new TextEncoder().encode(text).slice(0, precision ?? byteLength(text));
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const shown = verb === 'X' ? pairs.map((pair) => pair.toUpperCase()) : pairs;
  const prefix = sharp ? `0${verb}` : '';
  if (space) return shown.map((pair) => prefix + pair).join(' ');
  return shown.length === 0 ? '' : prefix + shown.join('');
}

/** The value itself still obeys width and precision. */
function badVerb(value: GoValue, directive: Directive): string {
  const shown = formatScalar(value, { ...directive, verb: 'v' });
  return `%!${directive.verb}(${typeNameOf(value)}=${shown})`;
}
