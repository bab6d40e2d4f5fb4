import { FleetError, messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { parseYaml, type YamlOptions } from '../../kubernetes/yaml.js';
import { APPLICATION_SHAPE, PATCH_SHAPE } from '../application-shape.js';
import type { Budget } from '../budget.js';
import { ExpansionFailure } from '../failure.js';
import type { Parameters } from '../parameters.js';
import { fit, type Shape } from '../shape.js';
import type { CompiledText, TemplateEngine } from './engine.js';
import { applyStrategicPatch } from './strategic-merge.js';
import { TagLimit } from './tag-limit.js';

type Document = Record<string, unknown>;

const PATH = 'spec.templatePatch';
/** Of YAML, which takes far longer to read than to write. */
const CHARACTERS_A_STEP = 2;
const YAML: YamlOptions = { duplicateKeys: 'last-wins', maxNodes: 100_000 };

/**
 * `templatePatch` (argocd-behaviour.md 2.5): one text rendered as a whole, read as JSON where it starts with `{` and
 * else as YAML, merged strategically. The project of the template always stays.
 */
export class TemplatePatch {
  private readonly text: CompiledText;
  private last?: { text: string; patch: Document | undefined };

  constructor(text: string, engine: TemplateEngine) {
    new TagLimit().count(text, PATH);
    this.text = engine.compile(text, PATH);
  }

  apply(application: Document, parameters: Parameters, budget: Budget): Document {
    const patch = this.parsed(this.text.render(parameters, budget), budget);
    if (patch === undefined) return application;
    const { spec, ...patched } = fitted(applyStrategicPatch(application, patch, PATH), APPLICATION_SHAPE, budget);
    const project = own((application['spec'] ?? {}) as Document, 'project');
    const withoutProject: Document = { ...(isObject(spec) ? spec : {}) };
    delete withoutProject['project'];
    return { ...patched, spec: project === undefined ? withoutProject : { project, ...withoutProject } };
  }

  /** Undefined where the text holds no document; equal texts, as patches without tags are, are read once. */
  private parsed(text: string, budget: Budget): Document | undefined {
    if (this.last?.text === text) return this.last.patch;
    budget.chargeSteps(text.length / CHARACTERS_A_STEP, PATH);
    const patch = readPatch(text);
    this.last = { text, patch };
    return patch;
  }
}

function readPatch(text: string): Document | undefined {
  const patch = readDocument(text);
  if (patch === null) return undefined;
  if (!isObject(patch)) throw new ExpansionFailure('TEMPLATE_PATCH_TYPE', 'the patch must be an object', PATH);
  fitted(patch, PATCH_SHAPE);
  return patch;
}

function readDocument(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text, YAML);
  } catch (error) {
    if (!(error instanceof FleetError || error instanceof SyntaxError)) throw error;
    throw new ExpansionFailure('TEMPLATE_PATCH_SYNTAX', `cannot read the rendered patch: ${messageOf(error)}`, PATH);
  }
}

/** The document without the fields that are not in the shape. */
function fitted(document: Document, shape: Shape, budget?: Budget): Document {
  const { value, wrong, size } = fit(shape, document, PATH);
  budget?.chargeSteps(size, PATH);
  budget?.chargeMembers(size, PATH);
  const [first] = wrong;
  if (first) throw new ExpansionFailure('TEMPLATE_PATCH_TYPE', first.message, PATH);
  return value as Document;
}
