import { messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import type { Verdict } from '../../kernel/verdict.js';
import { policyVerdicts } from './policy-verdicts.js';
import { projectVerdicts } from './project-verdicts.js';
import { Unanswered } from './unanswered.js';

/** One line of output; an error is an answer too where Argo CD itself would refuse the policy or the project. */
export type Answer =
  | { isAnswered: true; answer: { verdicts: Verdict[] } | { error: string } }
  | { isAnswered: false; answer: { error: string } };

/** Judges one line of input. Never throws for what the line holds. */
export function answerLine(line: string): Answer {
  try {
    const { verdicts, refusal } = judge(JSON.parse(line));
    return { isAnswered: true, answer: refusal === undefined ? { verdicts } : { error: refusal } };
  } catch (error) {
    if (!(error instanceof Unanswered || error instanceof SyntaxError)) throw error;
    return { isAnswered: false, answer: { error: messageOf(error) } };
  }
}

/** What one line comes to; with a refusal there are no verdicts. */
export interface Judged {
  verdicts: Verdict[];
  refusal?: string;
}

function judge(question: unknown): Judged {
  if (!isObject(question)) throw new Unanswered('the line must be an object');
  const requests = own(question, 'requests') ?? [];
  if (!Array.isArray(requests) || !requests.every(isObject)) throw new Unanswered('requests must be a list of objects');
  if (own(question, 'project') !== undefined) return projectVerdicts(own(question, 'project'), requests);
  if (own(question, 'policy') !== undefined) return policyVerdicts(question, requests);
  throw new Unanswered('the line must have a policy or a project');
}
