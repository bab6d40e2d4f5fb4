import { own } from '../../kernel/json.js';
import { fit, flag, object, text, type Shape } from '../../expansion/shape.js';
import type { Verdict } from '../../kernel/verdict.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { permitsDestination, type Destination } from '../../projects/domain/permits-destination.js';
import { permitsKind, type ObjectKind } from '../../projects/domain/permits-kind.js';
import { permitsSource } from '../../projects/domain/permits-source.js';
import { projectFaults } from '../../projects/domain/validate-project.js';
import type { Judged } from './answer-line.js';
import { givenProject } from './given-project.js';
import { Unanswered } from './unanswered.js';

type Fields = Record<string, unknown>;

/** What one AppProject says to sources, destinations and kinds. Throws Unanswered. */
export function projectVerdicts(document: unknown, requests: readonly Fields[]): Judged {
  const { name, spec } = givenProject(document);
  const [fault] = projectFaults(name, spec);
  if (fault) return { verdicts: [], refusal: `${fault.path} ${fault.message}` };
  return { verdicts: requests.map((request) => verdict(spec, request)) };
}

const SOURCE = object({ repoURL: text });
const DESTINATION = object({ server: text, name: text, namespace: text });
const KIND = object({ group: text, kind: text, name: text, namespaced: flag });

function verdict(spec: AppProjectSpec, request: Fields): Verdict {
  if (own(request, 'source') !== undefined) {
    const { repoURL = '' } = part<{ repoURL: string }>(request, 'source', SOURCE);
    return permitsSource(spec, repoURL);
  }
  if (own(request, 'destination') !== undefined) {
    const { server = '', name = '', namespace = '' } = part<Destination>(request, 'destination', DESTINATION);
    return permitsDestination(spec, { server, name, namespace });
  }
  if (own(request, 'kind') !== undefined) {
    const { group = '', kind = '', name = '', namespaced = false } = part<ObjectKind>(request, 'kind', KIND);
    return permitsKind(spec, { group, kind, name, namespaced });
  }
  if (own(request, 'syncWindow') !== undefined) throw new Unanswered('sync windows are not supported yet');
  throw new Unanswered('a request must have a source, a destination, a kind or a syncWindow');
}

function part<T>(request: Fields, key: string, shape: Shape): Partial<T> {
  const { value, wrong } = fit(shape, own(request, key), key);
  const [first] = wrong;
  if (first) throw new Unanswered(first.message);
  return (value ?? {}) as Partial<T>;
}
