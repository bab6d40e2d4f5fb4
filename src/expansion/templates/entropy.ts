/**
 * What templates read that is neither parameter nor text: the instant that `now` gives, and the seed of random values.
 * Both are inputs, so that expanding a set again gives the same Applications.
 */
export interface TemplateEntropy {
  now: Date;
  seed: string;
}

interface SetMetadata {
  uid?: string;
  generation?: number;
  name?: string;
  namespace?: string;
  creationTimestamp?: string;
}

const EPOCH = 0;

/** `now` is when the set was created; the seed is its UID and generation, or its name where it has none. */
export function entropyOf(metadata: SetMetadata): TemplateEntropy {
  const { uid, generation = 0, name = '', namespace = '', creationTimestamp } = metadata;
  const created = creationTimestamp === undefined ? EPOCH : Date.parse(creationTimestamp);
  return {
    now: new Date(Number.isNaN(created) ? EPOCH : created),
    seed: JSON.stringify([uid ?? `${namespace}/${name}`, generation]),
  };
}
