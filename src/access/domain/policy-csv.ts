import { fail, ok, type Result } from '../../kernel/result.js';
import type { Policy } from './policy.js';

/**
 * Reads policy text: `p, subject, resource, action, object, effect` and `g, subject, role`, blank and `#` lines skipped
 * (argocd-behaviour.md 6.1). One bad line refuses the whole text: a policy with a line missing could grant too much.
 */
export function parsePolicy(text: string): Result<Policy, string> {
  const policy: Policy = { rules: [], groupings: [] };
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = parseCsvLine(line);
    if (!fields || !addLine(policy, fields, line)) return fail(`invalid policy line: ${line}`);
  }
  return ok(policy);
}

function addLine(policy: Policy, fields: readonly string[], text: string): boolean {
  const [key, subject = '', second = '', action = '', object = '', effect = ''] = fields;
  if (key === 'p' && fields.length === 6) {
    policy.rules.push({ subject, resource: second, action, object, effect, text });
    return true;
  }
  if (key !== 'g' || fields.length !== 3) return false;
  policy.groupings.push({ subject, role: second });
  return true;
}

/**
 * One CSV record: space before a field is dropped, space after it stays; quotes only around a whole field, doubled
 * inside it. Undefined when malformed.
 */
export function parseCsvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const field = readField(rest.trimStart());
    if (!field) return undefined;
    fields.push(field.value);
    if (field.rest === '') return fields;
    rest = field.rest.slice(1);
  }
}

interface Field {
  value: string;
  /** What follows, from its comma on; '' at the end of the line. */
  rest: string;
}

function readField(text: string): Field | undefined {
  if (text.startsWith('"')) return readQuotedField(text);
  const comma = text.indexOf(',');
  const value = comma < 0 ? text : text.slice(0, comma);
  return value.includes('"') ? undefined : { value, rest: text.slice(value.length) };
}

function readQuotedField(text: string): Field | undefined {
  let value = '';
  for (let from = 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return undefined;
    value += text.slice(from, quote);
    const rest = text.slice(quote + 1);
    if (!rest.startsWith('"')) return rest === '' || rest.startsWith(',') ? { value, rest } : undefined;
    value += '"';
    from = quote + 2;
  }
}
