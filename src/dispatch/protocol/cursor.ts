/**
 * How far an agent has read. Opaque on the wire. The epoch changes when the hub's history may have been rewound
 * (a restored database), so that a rewound hub cannot make an agent remove anything.
 */
export interface Cursor {
  hubId: string;
  epoch: string;
  position: number;
}

export function encodeCursor(cursor: Cursor): string {
  const text = JSON.stringify([cursor.hubId, cursor.epoch, cursor.position]);
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Undefined when the text is not a cursor of any hub: the reader then starts from a snapshot. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return undefined;
    const [hubId, epoch, position] = parsed as unknown[];
    if (typeof hubId !== 'string' || typeof epoch !== 'string') return undefined;
    if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) return undefined;
    return { hubId, epoch, position };
  } catch {
    return undefined;
  }
}
