import { FleetError, messageOf } from './errors.js';

/** What a program says as it gives up: what is wrong and what to do in one line, then whatever else is known. */
export function failureText(program: string, error: unknown): string {
  const [first = '', ...rest] = messageOf(error).trim().split('\n');
  const hint = error instanceof FleetError ? error.details.hint : undefined;
  const line = `${program}: ${hint === undefined ? first : `${first.replace(/[.:]$/, '')}. ${hint}`}`;
  return `${[line, ...rest].join('\n')}\n`;
}
