import type { KubernetesObject } from '../../kernel/object.js';
import { list, record } from '../fill-in.js';
import { ageOf } from './age.js';
import { count, orNone, text, wide, type Column } from './column.js';

/** Columns of Events, all of them: the name comes last, and with `-o wide` only. */
export const EVENT_COLUMNS: readonly Column[] = [
  text('Last Seen', (event, now) => ageOf(lastSeen(event), now)),
  text('Type', ({ type }) => orNone(type)),
  text('Reason', ({ reason }) => orNone(reason)),
  text('Object', ({ involvedObject, regarding }) => {
    const { kind, name } = record(involvedObject ?? regarding);
    return `${String(kind).toLowerCase()}/${String(name)}`;
  }),
  wide(
    text('Subobject', ({ involvedObject, regarding }) => String(record(involvedObject ?? regarding).fieldPath ?? '')),
  ),
  wide(text('Source', sourceText)),
  text('Message', ({ message, note }) => String(message ?? note ?? '').trim()),
  wide(text('First Seen', (event, now) => ageOf(event.firstTimestamp ?? event.deprecatedFirstTimestamp, now))),
  wide(count('Count', (event) => event.count ?? event.deprecatedCount ?? 1)),
  wide(text('Name', ({ metadata }) => metadata.name)),
];

function lastSeen({ series, lastTimestamp, deprecatedLastTimestamp, eventTime }: KubernetesObject): unknown {
  return record(series).lastObservedTime ?? lastTimestamp ?? deprecatedLastTimestamp ?? eventTime;
}

function sourceText({ source, deprecatedSource }: KubernetesObject): string {
  const { component, host } = record(source ?? deprecatedSource);
  return list([component, host])
    .flatMap((part) => (part === undefined || part === '' ? [] : [String(part)]))
    .join(', ');
}
