import { isDeepStrictEqual } from 'node:util';
import { ExpansionFailure } from '../../../src/expansion/failure.js';
import { FleetError } from '../../../src/kernel/errors.js';
import type { Area, Question } from './area.js';
import type { GoAnswer } from './oracle.js';

/** What we answer; anything else thrown than a refusal goes on. */
export function ourAnswer(area: Area, question: Question): GoAnswer {
  try {
    return { value: area.answer(question) };
  } catch (error) {
    if (error instanceof ExpansionFailure || error instanceof FleetError) return { error: error.message };
    throw error;
  }
}

/** Equal values, or an error on both sides, whatever its words. */
export function agree(area: Area, ours: GoAnswer, go: GoAnswer): boolean {
  if (ours.error !== undefined || go.error !== undefined)
    return (ours.error === undefined) === (go.error === undefined);
  return isDeepStrictEqual(counted(area, ours.value), counted(area, go.value));
}

function counted(area: Area, value: unknown): unknown {
  const counts = area.counted && value != null ? area.counted(value) : value;
  return counts === undefined ? null : (JSON.parse(JSON.stringify(counts)) as unknown);
}
