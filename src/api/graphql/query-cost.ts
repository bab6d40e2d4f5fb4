import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { DEFAULT_PAGE, MAX_PAGE } from './fleet.args.js';

export interface QueryLimits {
  /** Nesting of fields; introspection is bounded by GraphQL itself. */
  depth: number;
  /** Fields read, each multiplied by the page sizes around it. */
  cost: number;
  /** Fields of the operation itself, aliases included: each is a database statement. */
  roots: number;
}

const QUERY_LIMITS: QueryLimits = { depth: 8, cost: 25_000, roots: 20 };

/** A count over all Applications is not a cheap field. */
const FIXED_COST: Readonly<Record<string, number>> = { rollup: 200, __schema: 500, __type: 100 };
/** Lists that give this many when `first` is left out. */
const PAGED: Readonly<Record<string, number>> = {
  clusters: DEFAULT_PAGE,
  applicationSets: DEFAULT_PAGE,
  projects: DEFAULT_PAGE,
  applications: DEFAULT_PAGE,
};

/** Refuses operations that would read too much, before anything is read. `variables` are those of the request. */
export function queryCostRule(
  variables: Readonly<Record<string, unknown>>,
  limits: QueryLimits = QUERY_LIMITS,
): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const weigher = new Weigher(context.getDocument(), operation, variables);
      for (const message of faults(weigher.weigh(operation.selectionSet), limits)) {
        context.reportError(new GraphQLError(message, { nodes: operation, extensions: { code: 'QUERY_TOO_COSTLY' } }));
      }
    },
  });
}

function faults({ depth, cost, roots }: Weight, limits: QueryLimits): string[] {
  return [
    ...(depth > limits.depth ? [`the query nests ${depth} levels deep, ${limits.depth} are allowed`] : []),
    ...(cost > limits.cost
      ? [`the query could read ${cost} fields, ${limits.cost} are allowed: ask for smaller pages or fewer fields`]
      : []),
    ...(roots > limits.roots ? [`the query asks ${roots} questions at once, ${limits.roots} are allowed`] : []),
  ];
}

interface Weight {
  depth: number;
  cost: number;
  /** Fields directly inside. */
  roots: number;
}

const NOTHING: Weight = { depth: 0, cost: 0, roots: 0 };

/** Each fragment is weighed once, however often it is spread: a pile of fragments costs no more than its text. */
class Weigher {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly weighed = new Map<string, Weight>();
  private readonly variables: Readonly<Record<string, unknown>>;

  constructor(document: DocumentNode, operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.variables = { ...defaultsOf(operation), ...given };
  }

  weigh(set: SelectionSetNode | undefined): Weight {
    let total = NOTHING;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) total = add(total, this.weighField(selection));
      else if (selection.kind === Kind.INLINE_FRAGMENT) total = add(total, this.weigh(selection.selectionSet));
      else total = add(total, this.weighFragment(selection.name.value));
    }
    return total;
  }

  private weighField(field: FieldNode): Weight {
    const name = field.name.value;
    const fixed = Object.hasOwn(FIXED_COST, name) ? (FIXED_COST[name] ?? 1) : 1;
    if (name.startsWith('__')) return { depth: 1, cost: fixed, roots: 1 };
    const inside = this.weigh(field.selectionSet);
    return { depth: inside.depth + 1, cost: fixed + this.pageOf(field) * inside.cost, roots: 1 };
  }

  private weighFragment(name: string): Weight {
    const known = this.weighed.get(name);
    if (known) return known;
    this.weighed.set(name, NOTHING); // a cycle, which another rule refuses, ends here
    const weight = this.weigh(this.fragments.get(name)?.selectionSet);
    this.weighed.set(name, weight);
    return weight;
  }

  private pageOf(field: FieldNode): number {
    const name = field.name.value;
    const given = field.arguments?.find((argument) => argument.name.value === 'first')?.value;
    if (given?.kind === Kind.INT) return bounded(Number(given.value));
    const variable = given?.kind === Kind.VARIABLE ? this.variables[given.name.value] : undefined;
    if (typeof variable === 'number') return bounded(variable);
    return Object.hasOwn(PAGED, name) ? (PAGED[name] ?? 1) : 1;
  }
}

function add(left: Weight, right: Weight): Weight {
  return {
    depth: Math.max(left.depth, right.depth),
    cost: left.cost + right.cost,
    roots: left.roots + right.roots,
  };
}

function bounded(first: number): number {
  return Math.min(Math.max(first, 1), MAX_PAGE);
}

function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  const definitions = operation.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions.flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
}
