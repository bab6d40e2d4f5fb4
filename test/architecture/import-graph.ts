import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface Import {
  /** `src`-relative path of an own file, or the name of a package with its subpath. */
  target: string;
  own: boolean;
  /** Gone after compilation: such an import loads nothing. */
  typeOnly: boolean;
  /** `export * from`. */
  exportsAll: boolean;
}

export interface SourceFile {
  path: string;
  text: string;
  imports: Import[];
  /** Holds nothing but re-exports. */
  isBarrel: boolean;
}

export type ImportGraph = ReadonlyMap<string, SourceFile>;

const SOURCES = path.resolve(import.meta.dirname, '../../src');

export function readSources(): ImportGraph {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return graphOf(Object.fromEntries(names.map((name) => [name, readFileSync(path.join(SOURCES, name), 'utf8')])));
}

/** The graph of files given by path and text, also such as exist only in a test. */
export function graphOf(texts: Readonly<Record<string, string>>): ImportGraph {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parse(name, text)]));
}

function parse(name: string, text: string): SourceFile {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(name, node);
    if (found) imports.push(found);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const { statements } = file;
  const isBarrel =
    statements.length > 0 && statements.every((each) => ts.isExportDeclaration(each) && each.moduleSpecifier);
  return { path: name, text, imports, isBarrel };
}

function importOf(from: string, node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) return described(from, node.moduleSpecifier, isTypeImport(node));
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { ...described(from, node.moduleSpecifier, node.isTypeOnly), exportsAll: node.exportClause === undefined };
  }
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const [specifier] = isDynamic ? node.arguments : [];
  return specifier && described(from, specifier, false);
}

function described(from: string, specifier: ts.Expression, typeOnly: boolean): Import {
  const name = ts.isStringLiteral(specifier) ? specifier.text : specifier.getText();
  const own = name.startsWith('.');
  const target = own ? path.posix.join(path.posix.dirname(from), name).replace(/\.js$/, '.ts') : name;
  return { target, own, typeOnly, exportsAll: false };
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.isTypeOnly) return true;
  const names = importClause.namedBindings;
  if (importClause.name || !names || !ts.isNamedImports(names) || names.elements.length === 0) return false;
  return names.elements.every((element) => element.isTypeOnly);
}
