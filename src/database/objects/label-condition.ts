import type { LabelExpression } from '../../kernel/label-selector.js';

/** A label selector's term as a boolean SQL expression over a jsonb column; key and values go to `parameters`. */
export function labelCondition(
  column: string,
  { key, operator, values = [] }: LabelExpression,
  parameters: unknown[],
): string {
  const label = `(${column} ->> $${parameters.push(key)})`;
  switch (operator) {
    case 'In':
      return `${label} = any($${parameters.push(values)}::text[])`;
    case 'NotIn':
      return `(${label} is null or ${label} <> all($${parameters.push(values)}::text[]))`;
    case 'Exists':
      return `${label} is not null`;
    default:
      return `${label} is null`;
  }
}
