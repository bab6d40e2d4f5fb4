import type { KubernetesObject } from '../../kernel/object.js';
import { resourceName, type KindDefinition } from '../kind.js';
import { CLUSTER_COLUMNS } from './cluster-columns.js';
import { AGE, text, type Cell, type Column } from './column.js';
import { definedColumns } from './defined-columns.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { NETWORK_COLUMNS } from './network-columns.js';
import { WORKLOAD_COLUMNS } from './workload-columns.js';

/** `meta.k8s.io/v1` Table: what `kubectl get` asks for and prints. */
export interface Table {
  kind: 'Table';
  apiVersion: 'meta.k8s.io/v1';
  metadata: object;
  columnDefinitions: object[] | null;
  rows: { cells: Cell[]; object: object }[];
}

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ...WORKLOAD_COLUMNS,
  ...NETWORK_COLUMNS,
  ...CLUSTER_COLUMNS,
};

const NAME: Column = { ...text('Name', ({ metadata }) => metadata.name), format: 'name' };

/** The columns of a kind: its own, those its definition names, or name and age. */
function columnsOf(kind: KindDefinition): readonly Column[] {
  if (kind.printerColumns !== undefined) return [NAME, ...definedColumns(kind.printerColumns)];
  if (kind.kind === 'Event' && kind.type !== undefined) return EVENT_COLUMNS;
  const id = resourceName(kind);
  const own = Object.hasOwn(COLUMNS, id) ? COLUMNS[id] : undefined;
  return [NAME, ...(own ?? [AGE])];
}

/** Objects of one kind as a table; each row brings the object's metadata, by which kubectl knows its namespace. */
export function tableOf(kind: KindDefinition, objects: readonly KubernetesObject[], now: Date): Table {
  const columns = columnsOf(kind);
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.cell(object, now)),
    object: metadataOf(object),
  }));
  const columnDefinitions = columns.map(({ name, type, format = '', wide }) => {
    return { name, type, format, description: '', priority: wide === true ? 1 : 0 };
  });
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, columnDefinitions, rows };
}

/** What a client that asks for metadata only is given. */
export function metadataOf({ metadata }: KubernetesObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
