import { Budget } from '../../../../src/expansion/budget.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { goTemplates } from '../../../../src/expansion/templates/go/go-template.js';
import type { MissingKey } from '../../../../src/expansion/templates/go/run.js';
import { Warnings } from '../../../../src/expansion/warnings.js';
import type { Question } from '../area.js';
import { TEMPLATE_DATA, templateParameters } from './template-data.js';

export const TEMPLATE_PREAMBLE: Question = { area: 'data', data: TEMPLATE_DATA };

const PARAMETERS = templateParameters();

export function renderedTemplate({ text = '', option }: Question): string {
  return goTemplates({ missingKey: option as MissingKey })
    .compile(text, 'here')
    .render(PARAMETERS, new Budget(DEFAULT_LIMITS, new Warnings(10)));
}
