import { fail, ok, type Result } from '../../kernel/result.js';
import type { ChartReference } from '../domain/checkout.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { withoutCredentials } from '../domain/repository-url.js';
import { chooseVersion } from './domain/chart-version.js';

type Chosen = Result<string | undefined, string>;

const MOST_RANGES = 1_000;

/** Which versions ranges give, worked out once for each list of versions: it may hold tens of thousands. */
export class VersionChoices {
  private readonly known = new WeakMap<object, Map<string, Chosen>>();

  /** `list` is what `versions` are taken from. */
  choose(reference: ChartReference, list: object, versions: () => readonly string[]): Result<string, ReadFailure> {
    const { chart, version, repoURL } = reference;
    const chosen = this.chosenFrom(list, version, versions);
    const shown = version.slice(0, 100);
    if (!chosen.ok) {
      const message = `"${shown}" is neither a version nor a range: ${chosen.error}`;
      return fail(readFailure('CHART_VERSION_NOT_FOUND', message));
    }
    if (chosen.value !== undefined) return ok(chosen.value);
    const message = `there is no chart "${chart}" ${shown} in ${withoutCredentials(repoURL)}`;
    return fail(readFailure('CHART_VERSION_NOT_FOUND', message));
  }

  private chosenFrom(list: object, wanted: string, versions: () => readonly string[]): Chosen {
    const ranges = this.known.get(list) ?? new Map<string, Chosen>();
    this.known.set(list, ranges);
    const known = ranges.get(wanted);
    if (known !== undefined) return known;
    const chosen = chooseVersion(wanted, versions());
    if (ranges.size >= MOST_RANGES) ranges.clear();
    ranges.set(wanted, chosen);
    return chosen;
  }
}
