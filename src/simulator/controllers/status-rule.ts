import { setCondition, type Condition } from '../../kernel/conditions.js';
import type { KubernetesObject, ObjectId } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';

/** What a status is computed from, beside the object. */
export interface StatusContext {
  /** RFC 3339. */
  at: string;
  nodes: number;
  /** Whether nodes can pull an image. */
  hasImage(image: string): boolean;
  /** Whether containers of an image end with an error. */
  crashes(image: string): boolean;
  /** Whether the provider of secret stores of this name answers. */
  hasProvider(storeName: string): boolean;
  /** Another live object. */
  peer(id: ObjectId): KubernetesObject | undefined;
}

/** How one kind's controller fills its status: at once when it has seen a new spec, and when all is settled. */
export interface StatusRule {
  manager: string;
  seen?(object: KubernetesObject, context: StatusContext): Fields;
  settled(object: KubernetesObject, context: StatusContext): Fields;
  /** When the status is to be looked at again by itself, in milliseconds since the epoch. */
  dueAgain?(object: KubernetesObject): number | undefined;
  /** Kinds (`group/Kind`) whose changes may change this kind's verdict. */
  after?: readonly string[];
}

type Verdict = Pick<Condition, 'type' | 'reason' | 'message'> & { status: Condition['status'] };

/** The object's conditions with these verdicts put in; times move only where a status does. */
export function withConditions(object: KubernetesObject, at: string, verdicts: readonly Verdict[]): Condition[] {
  const current = list(record(object.status).conditions) as Condition[];
  return verdicts.reduce<Condition[]>((conditions, verdict) => setCondition(conditions, verdict, at), current);
}

export const isTrue = (type: string, reason: string, message = ''): Verdict => ({
  type,
  status: 'True',
  reason,
  message,
});
export const isFalse = (type: string, reason: string, message = ''): Verdict => ({
  type,
  status: 'False',
  reason,
  message,
});
