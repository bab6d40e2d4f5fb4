import type { Random } from '../../support/seeded-random.js';

/** What the oracle is asked; which members count depends on the area. */
export interface Question {
  area: string;
  text?: string;
  option?: string;
  pattern?: string;
  data?: unknown;
  patch?: string;
  labels?: Record<string, string>;
}

/** One field of comparison between our rules and Go's. */
export interface Area {
  name: string;
  /** Asked before all others, such as the parameters of templates. */
  preamble?: Question;
  question(random: Random): Question;
  /** Our answer; throws where we refuse. */
  answer(question: Question): unknown;
  /** What of an answer counts, where not all of it does. */
  counted?(answer: unknown): unknown;
}
