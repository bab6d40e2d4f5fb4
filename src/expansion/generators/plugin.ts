import { canonicalJson, own } from '../../kernel/json.js';
import { objectOf, textField } from '../fields.js';
import { flattenParameters, newParameters, type Parameters } from '../parameters.js';
import { requeueSeconds } from '../requeue-interval.js';
import type { Generator } from './generator.js';
import { valuesOf } from './values.js';

/** argocd-behaviour.md 1.9: whatever an HTTP service answers, with the generator's own input beside it. */
export const pluginGenerator: Generator = async (input) => {
  const { spec, path, context } = input;
  const { plugins } = context.reads.remote(path);
  const configMap = textField(
    objectOf(own(spec, 'configMapRef') ?? {}, `${path}.configMapRef`),
    'name',
    `${path}.configMapRef`,
  );
  const given = objectOf(own(spec, 'input') ?? {}, `${path}.input`);
  const parameters = objectOf(own(given, 'parameters') ?? {}, `${path}.input.parameters`);
  const query = { configMap, parameters, path, maxAgeSeconds: requeueSeconds('plugin', spec) };
  const answer = await context.reads.answer(['plugin', configMap, parameters], path, () => plugins.parameters(query));
  context.budget.chargeParameterSets(answer.length, path);
  const patterns = [canonicalJson(parameters)];
  context.reads.record({ path, repoURL: configMap, revision: '', kind: 'plugin', patterns }, answer.length);
  const withValues = valuesOf(input);
  const spend = (units: number): void => context.budget.chargeMembers(units, path);
  return context.budget.pace.map(answer, (object): Parameters => {
    const set = newParameters(context.goTemplate ? object : flattenParameters(object, spend));
    set['generator'] = { input: { parameters } };
    return withValues(set);
  });
};
